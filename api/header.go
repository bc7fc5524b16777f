package main

import (
	"bytes"
	"go/ast"
	"go/format"
	"go/printer"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// header is a package as Go without bodies: what is exported, and what of the rest that needs. types is the whole package.
func header(set *token.FileSet, files []*ast.File, pkg *types.Package) ([]byte, error) {
	list := decls(files)
	keep(list)
	var out bytes.Buffer
	needed := map[string]bool{}
	for _, d := range list {
		if !d.kept {
			continue
		}
		strip(d.node, pkg)
		for _, path := range d.imports() {
			needed[path] = true
		}
		out.WriteString("\n")
		if err := printer.Fprint(&out, set, d.node); err != nil {
			return nil, err
		}
		out.WriteString("\n")
	}
	var head bytes.Buffer
	head.WriteString("package " + pkg.Name() + "\n\nimport (\n")
	for _, spec := range slices.Sorted(maps.Keys(needed)) {
		head.WriteString(spec + "\n")
	}
	head.WriteString(")\n")
	return format.Source(append(head.Bytes(), out.Bytes()...))
}

// decl is one declaration of a package: a function, a method, or a group of constants, variables or types.
type decl struct {
	node  ast.Decl
	file  *ast.File
	names []string // that it declares; of a method its type
	key   string   // by which declarations are sorted, so that moving one changes nothing
	kept  bool
}

func decls(files []*ast.File) (list []*decl) {
	for _, file := range files {
		for _, node := range file.Decls {
			switch node := node.(type) {
			case *ast.FuncDecl:
				if name := node.Name.Name; node.Recv != nil {
					of := receiver(node.Recv.List[0].Type)
					list = append(list, &decl{node: node, file: file, names: []string{of}, key: of + "." + name})
				} else {
					list = append(list, &decl{node: node, file: file, names: []string{name}, key: name})
				}
			case *ast.GenDecl:
				list = append(list, group(node, file)...)
			}
		}
	}
	slices.SortStableFunc(list, func(a, b *decl) int { return strings.Compare(a.key, b.key) })
	return list
}

// group is a declaration with its names; types of one group stand apart.
func group(node *ast.GenDecl, file *ast.File) (list []*decl) {
	if node.Tok == token.IMPORT {
		return nil
	}
	var names []string
	for _, s := range node.Specs {
		switch s := s.(type) {
		case *ast.TypeSpec:
			one := &ast.GenDecl{Tok: token.TYPE, TokPos: node.TokPos, Specs: []ast.Spec{s}}
			list = append(list, &decl{node: one, file: file, names: []string{s.Name.Name}, key: s.Name.Name})
		case *ast.ValueSpec:
			for _, n := range s.Names {
				names = append(names, n.Name)
			}
		}
	}
	if len(names) > 0 {
		list = append(list, &decl{node: node, file: file, names: names, key: names[0]})
	}
	return list
}

// keep marks what is exported, and what that names.
func keep(list []*decl) {
	var visit func(d *decl)
	reach := func(name string) {
		for _, d := range list {
			if f, ok := d.node.(*ast.FuncDecl); slices.Contains(d.names, name) && (!ok || f.Recv == nil || f.Name.IsExported()) {
				visit(d)
			}
		}
	}
	visit = func(d *decl) {
		if d.kept {
			return
		}
		d.kept = true
		bare(d.node)
		uses(d.node, reach)
	}
	for _, d := range list {
		f, ok := d.node.(*ast.FuncDecl)
		if slices.ContainsFunc(d.names, ast.IsExported) && (!ok || f.Name.IsExported()) {
			visit(d)
		}
	}
}

// uses calls f with every name that may be one of the package: not those of parameters, fields and what stands behind a dot.
func uses(node ast.Node, f func(name string)) {
	ast.Inspect(node, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Ident:
			f(n.Name)
		case *ast.Field:
			if n.Type != nil {
				uses(n.Type, f)
			}
			return false
		case *ast.SelectorExpr:
			uses(n.X, f)
			return false
		}
		return true
	})
}

// bare takes out what is no part of the API: comments, bodies, the values of variables whose type is written, unexported fields.
func bare(node ast.Decl) {
	switch d := node.(type) {
	case *ast.FuncDecl:
		d.Doc, d.Body = nil, nil
	case *ast.GenDecl:
		d.Doc = nil
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.ValueSpec:
				s.Doc, s.Comment = nil, nil
				if d.Tok == token.VAR && s.Type != nil {
					s.Values = nil
				}
			case *ast.TypeSpec:
				s.Doc, s.Comment = nil, nil
				hide(s)
			}
		}
	}
	ast.Inspect(node, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			n.Body = &ast.BlockStmt{}
		case *ast.Field:
			n.Doc, n.Comment = nil, nil
		}
		return true
	})
}

// hidden stands for the unexported fields of a struct until strip knows whether it can be compared.
const hidden = "_hidden"

// hide puts one field in place of all unexported ones that are not embedded.
func hide(s *ast.TypeSpec) {
	st, ok := s.Type.(*ast.StructType)
	if !ok {
		return
	}
	n := len(st.Fields.List)
	for _, f := range st.Fields.List {
		f.Names = slices.DeleteFunc(f.Names, func(id *ast.Ident) bool {
			if !id.IsExported() {
				f.Tag = nil
			}
			return !id.IsExported()
		})
	}
	st.Fields.List = slices.DeleteFunc(st.Fields.List, func(f *ast.Field) bool { return f.Names != nil && len(f.Names) == 0 })
	if len(st.Fields.List) < n {
		st.Fields.List = append(st.Fields.List, &ast.Field{Names: []*ast.Ident{ast.NewIdent("_")}, Type: ast.NewIdent(hidden)})
	}
}

// strip writes the field that stands for the unexported ones: one that can be compared, or one that cannot.
func strip(node ast.Decl, pkg *types.Package) {
	d, ok := node.(*ast.GenDecl)
	if !ok || d.Tok != token.TYPE {
		return
	}
	s := d.Specs[0].(*ast.TypeSpec)
	ast.Inspect(s, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && id.Name == hidden {
			id.Name = "struct{}"
			if o := pkg.Scope().Lookup(s.Name.Name); o != nil && !types.Comparable(o.Type()) {
				id.Name = "[0]func()"
			}
		}
		return true
	})
}

// imports are the import specs that the declaration needs.
func (d *decl) imports() (list []string) {
	used := map[string]bool{}
	ast.Inspect(d.node, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if id, ok := sel.X.(*ast.Ident); ok {
				used[id.Name] = true
			}
		}
		return true
	})
	for _, spec := range d.file.Imports {
		path, _ := strconv.Unquote(spec.Path.Value)
		name := packageName(path)
		if spec.Name != nil {
			name = spec.Name.Name
		}
		if used[name] {
			text := spec.Path.Value
			if spec.Name != nil {
				text = name + " " + text
			}
			list = append(list, text)
		}
	}
	return list
}

// packageName is the last word of an import path that is no version.
func packageName(path string) string {
	parts := strings.Split(path, "/")
	name := parts[len(parts)-1]
	if len(parts) > 1 && len(name) > 1 && name[0] == 'v' && strings.Trim(name[1:], "0123456789") == "" {
		return parts[len(parts)-2]
	}
	return name
}

func receiver(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return receiver(e.X)
	case *ast.IndexExpr:
		return receiver(e.X)
	case *ast.IndexListExpr:
		return receiver(e.X)
	case *ast.Ident:
		return e.Name
	}
	return ""
}
