package serve

import (
	"net/http"
	"net/url"
	"strings"

	"gradus/internal/say"
)

// way is what the service does at a path; {} in its pattern stands for one part of a path.
type way struct {
	method  string
	pattern string
	open    bool // without a token
	works   bool // counts as a request in work
	do      func(x *exchange, model string) error
	place   int // among ways
}

// ways lists them. It is filled by init, because the handlers reach it.
var ways []way

func init() {
	ways = []way{
		{method: "POST", pattern: "/predict", works: true, do: (*exchange).predict},
		{method: "POST", pattern: "/models/{model}/predict", works: true, do: (*exchange).predict},
		{method: "POST", pattern: "/v2/models/{model}/infer", works: true, do: (*exchange).infer},
		{method: "POST", pattern: "/v2/models/{model}/versions/{version}/infer", works: true, do: (*exchange).infer},
		{method: "GET", pattern: "/v2", do: (*exchange).about},
		{method: "GET", pattern: "/v2/health/live", open: true, do: (*exchange).live},
		{method: "GET", pattern: "/v2/health/ready", open: true, do: (*exchange).isReady},
		{method: "GET", pattern: "/v2/models/{model}", do: (*exchange).modelInfo},
		{method: "GET", pattern: "/v2/models/{model}/versions/{version}", do: (*exchange).modelInfo},
		{method: "GET", pattern: "/v2/models/{model}/ready", open: true, do: (*exchange).modelReady},
		{method: "GET", pattern: "/v2/models/{model}/versions/{version}/ready", open: true, do: (*exchange).modelReady},
		{method: "GET", pattern: "/livez", open: true, do: (*exchange).live},
		{method: "GET", pattern: "/readyz", open: true, do: (*exchange).isReady},
		{method: "GET", pattern: "/models", do: (*exchange).list},
		{method: "GET", pattern: "/drift", do: (*exchange).drift},
		{method: "GET", pattern: "/models/{model}/drift", do: (*exchange).drift},
		{method: "GET", pattern: "/metrics", do: (*exchange).metrics},
		{method: "GET", pattern: "/openapi.json", do: (*exchange).openapi},
	}
	for i := range ways {
		ways[i].place = i
	}
}

// route finds the way of a request and the model that its path names.
func route(r *http.Request) (to *way, model string, err error) {
	path := r.URL.Path
	if len(path) > 1 && path[len(path)-1] == '/' {
		path = path[:len(path)-1]
	}
	method := r.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	for i := range ways {
		w := &ways[i]
		name, version, ok := fits(w.pattern, path)
		switch {
		case !ok:
			continue
		case w.method != method:
			return w, "", refuse(http.StatusMethodNotAllowed, say.Error("serve.method", "allowed", w.method)).sight("", w.method)
		case version != "" && version != "1":
			return w, "", refuse(http.StatusNotFound, say.Error("serve.no_version")).at(0, "version").sight("", "1")
		}
		return w, name, nil
	}
	return nil, "", refuse(http.StatusNotFound, say.Error("serve.no_path"))
}

// fits matches a path with a pattern part by part.
func fits(pattern, path string) (model, version string, ok bool) {
	for pattern != "" && path != "" {
		var want, have string
		want, pattern = head(pattern)
		have, path = head(path)
		switch {
		case want == "{model}" && have != "":
			model = have
		case want == "{version}" && have != "":
			version = have
		case want != have:
			return "", "", false
		}
	}
	return model, version, pattern == "" && path == ""
}

// head cuts the first part off a path.
func head(path string) (part, rest string) {
	if end := strings.IndexByte(path[1:], '/'); end >= 0 {
		return path[1 : 1+end], path[1+end:]
	}
	return path[1:], ""
}

// pathName is a model's name as it stands in a path.
func pathName(name string) string { return url.PathEscape(name) }
