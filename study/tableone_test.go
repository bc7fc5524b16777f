package study

import (
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"gradus/model"
	"gradus/table"
)

// aTable is a Table 1 of the csv whose target is y.
func aTable(t *testing.T, csv string) *model.TableOne {
	t.Helper()
	tbl := read(t, csv)
	target, y, err := table.NewTarget(tbl, "y", table.TaskAuto, "")
	if err != nil {
		t.Fatal(err)
	}
	var leave []string
	if tbl.Column("site") != nil {
		leave = []string{"site"}
	}
	p, err := table.Fit(tbl, nil, "y", table.PrepareOptions{Leave: leave})
	if err != nil {
		t.Fatal(err)
	}
	return tableOne(tbl, target, y, p, "site")
}

// Every number of a small table, by hand (R: mean, sd, quantile type 7, tableone's SMD by its formula).
func TestTableOne(t *testing.T) {
	csv := strings.Builder{}
	csv.WriteString("x,sex,site,y\n")
	for i := range 40 { // events are every fourth
		x, sex := strconv.Itoa(i), []string{"F", "M"}[i%2]
		if i < 20 && i%4 != 0 {
			x = ""
		}
		if i%8 == 0 {
			sex = "M"
		}
		csv.WriteString(x + "," + sex + "," + []string{"A", "B"}[i/20] + "," + []string{"1", "0", "0", "0"}[i%4] + "\n")
	}
	one := aTable(t, csv.String())
	if len(one.Columns) != 3 || one.Groups[0] != (model.TableGroup{Level: "0", N: 30}) || one.Groups[1] != (model.TableGroup{Level: "1", N: 10}) {
		t.Fatalf("%+v", one)
	}
	x, sex, site := one.Columns[0], one.Columns[1], one.Columns[2]
	// events: 0 4 … 36: mean 18, sd √(1320/9), median 18, quartiles 9 and 27; others 21 22 23 25 … 39
	e, o := x.Numbers[1], x.Numbers[0]
	if e.Mean != 18 || math.Abs(float64(e.SD)-math.Sqrt(1320./9)) > 1e-12 || e.Median != 18 || e.Q1 != 9 || e.Q3 != 27 || o.Median != 30 {
		t.Errorf("%+v", x)
	}
	if x.Missing[0].N != 15 || x.Missing[0].Share != .5 || x.Missing[1].N != 0 || x.Total.N != 15 || x.SMD >= 0 {
		t.Errorf("%+v", x)
	}
	// sex: of the 10 events 5 are M (i%8 = 0) and 5 F; of the others 10 F (i%4 = 2) and 20 M
	p, q := 1./3, .5
	if want := (q - p) / math.Sqrt((p*(1-p)+q*(1-q))/2); math.Abs(float64(sex.SMD)-want) > 1e-12 {
		t.Errorf("SMD %v, want %v", sex.SMD, want)
	}
	if sex.Levels[0].Level != "M" || sex.Levels[0].Cells[0].N != 20 || sex.Levels[1].Cells[1].N != 5 || sex.Levels[1].Total.N != 15 || one.Hidden != 0 {
		t.Errorf("%+v", sex)
	}
	if site.Feature || !x.Feature || !sex.Feature || len(site.Levels) != 2 {
		t.Errorf("%+v", site)
	}
}

// A level of fewer than five rows is not named, and its count is hidden with another.
func TestTableOneSmall(t *testing.T) {
	csv := strings.Builder{}
	csv.WriteString("x,ward,y\n")
	for i := range 60 {
		csv.WriteString(strconv.Itoa(i%13) + "," + []string{"north", "south"}[i%2] + "," + []string{"0", "1"}[i/30] + "\n")
	}
	for range 3 {
		csv.WriteString("1,rare,1\n")
	}
	one := aTable(t, csv.String())
	ward := one.Columns[1]
	if len(ward.Levels) != 3 || !ward.Levels[2].Other || ward.Levels[2].Level != "" || !ward.Levels[2].Total.Hidden || one.Hidden < 4 {
		t.Fatalf("%+v", ward)
	}
	for _, l := range ward.Levels {
		for _, c := range append(slices.Clone(l.Cells), l.Total) {
			if c.Hidden && (c.N != 0 || c.Share.Defined()) || !c.Hidden && c.N > 0 && c.N < 5 {
				t.Errorf("%+v", l)
			}
		}
	}
}

// What a number task has is one group, without differences.
func TestTableOneNumber(t *testing.T) {
	csv := "x,y\n"
	for i := range 40 {
		csv += strconv.Itoa(i%11) + "," + strconv.Itoa(i*i%101) + ".5\n"
	}
	one := aTable(t, csv)
	if len(one.Groups) != 1 || one.Groups[0].N != 40 || one.Columns[0].SMD.Defined() || len(one.Columns[0].Numbers) != 1 {
		t.Errorf("%+v", one)
	}
}

// Whoever knows all the sums cannot work out a hidden cell: other whole numbers fit as well.
func TestSuppress(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	hiddenOnce := 0
	for range 300 {
		counts := make([][]int, 2+r.IntN(3))
		for k := range counts {
			row := []int{r.IntN(3) * r.IntN(12), r.IntN(40)}
			counts[k] = append(row, row[0]+row[1])
		}
		hidden := suppress(counts)
		for k := range counts {
			for g, n := range counts[k] {
				if n > 0 && n < least && !hidden[k][g] {
					t.Fatalf("%v: %d is shown", counts, n)
				}
				if hidden[k][g] && n > 0 && n < least {
					hiddenOnce++
					if fits(counts, hidden, cell{k, g}) < 2 {
						t.Fatalf("%v, hidden %v: the count of row %d, group %d can be worked out", counts, hidden, k, g)
					}
				}
			}
		}
	}
	if hiddenOnce < 100 {
		t.Errorf("only %d small counts were tried", hiddenOnce)
	}
}

// fits counts the values that the cell at can have where the shown cells, the rows' totals and the groups' are known.
func fits(counts [][]int, hidden [][]bool, at cell) int {
	groups := len(counts[0]) - 1
	want := make([]int, groups)
	for _, row := range counts {
		for g := range want {
			want[g] += row[g]
		}
	}
	found := map[int]bool{}
	trial := make([][]int, len(counts))
	var walk func(k, g int, left []int)
	walk = func(k, g int, left []int) {
		switch {
		case len(found) > 1:
		case k == len(counts):
			if slices.Max(left) == 0 {
				found[trial[at.row][at.group]] = true
			}
		case g == groups:
			total := sum(trial[k][:groups])
			if hidden[k][groups] || total == counts[k][groups] {
				trial[k][groups] = total
				walk(k+1, 0, left)
			}
		default:
			from, to := counts[k][g], counts[k][g]
			if hidden[k][g] {
				from, to = 0, left[g]
			}
			for v := from; v <= to; v++ {
				if v > left[g] {
					break
				}
				rest := slices.Clone(left)
				rest[g] -= v
				trial[k][g] = v
				walk(k, g+1, rest)
			}
		}
	}
	for k := range trial {
		trial[k] = make([]int, groups+1)
	}
	walk(0, 0, want)
	return len(found)
}
