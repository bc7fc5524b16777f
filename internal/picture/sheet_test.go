package picture

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

// chart is one of the sheet.
type chart struct {
	name  string
	panel Panel
}

// dice gives the sheet its numbers: normal and uniform draws that are the same each time.
func dice() *rand.Rand { return rand.New(rand.NewPCG(5, 7)) }

// line is a series of f over n + 1 values from low to high.
func line(name string, k Ink, n int, low, high float64, f func(float64) float64) Series {
	s := Series{Name: name, Ink: k}
	for i := range n + 1 {
		x := low + (high-low)*float64(i)/float64(n)
		s.X, s.Y = append(s.X, x), append(s.Y, f(x))
	}
	return s
}

// banded gives s a band of the half width f.
func banded(s Series, f func(float64) float64) Series {
	for i, x := range s.X {
		s.Low, s.High = append(s.Low, s.Y[i]-f(x)), append(s.High, s.Y[i]+f(x))
	}
	return s
}

func charts() []chart {
	list := []chart{
		{"flow", flowChart(5)},
		{"flow of ten", flowChart(10)},
		{"roc", rocChart()},
		{"precision", precisionChart()},
		{"calibration", calibrationChart(1)},
		{"small risks", calibrationChart(.06)},
		{"risks", risksChart()},
		{"decision", decisionChart()},
		{"forest", forestChart()},
		{"losses", lossesChart(8, 1)},
		{"log losses", lossesChart(3, 400)},
		{"survival", survivalChart()},
	}
	return append(list, []chart{
		{"agreement", agreementChart()},
		{"observed", observedChart()},
		{"importance", importanceChart()},
		{"dependence", dependenceChart()},
		{"levels", levelsChart()},
		{"confusion", confusionChart(3)},
		{"confusion of ten", confusionChart(10)},
		{"odds", oddsChart()},
		{"drift", driftChart()},
	}...)
}

func flowChart(parts int) Panel {
	f := Flow{Steps: []Step{
		{Box: Box{Name: "파일의 기록", Count: "1,204"}, Out: []Box{{Name: "제외", Count: "73", Lines: []Reason{
			{"빈 줄", "2"}, {"같은 환자의 같은 방문이 두 번 적힌 기록", "41"}, {"결과가 적히지 않음", "30"},
		}}}},
		{Box: Box{Name: "분석한 방문", Count: "n = 1,131", Lines: []Reason{{"환자", "618"}, {"사건(30일 안 재입원)", "174"}}}},
	}}
	for i := range parts {
		f.Parts = append(f.Parts, Box{Name: fmt.Sprintf("%d번째 묶음", i+1), Lines: []Reason{{"n", fmt.Sprint(1131 / parts)}, {"사건", fmt.Sprint(174 / parts)}}})
	}
	if parts == 5 {
		f.Parts[2].Name = "서울특별시보라매공공의료원호흡기내과중환자실"
	}
	return Panel{Title: "행의 흐름", Body: f}
}

func rocChart() Panel {
	curve := func(name string, k Ink, p float64) Series {
		return line(name, k, 60, 0, 1, func(x float64) float64 { return math.Pow(x, p) })
	}
	return ROC{
		X: "1 − 특이도", Y: "민감도", Chance: "우연", Curves: []Series{curve("신경망 0.812", Blue, .23), curve("로지스틱 회귀 0.804", Orange, .245)},
		Cuts: []Note{{X: .2, Y: math.Pow(.2, .23), Text: "문턱 0.15: 민감도 0.69"}, {X: .22, Y: math.Pow(.22, .245), Text: "문턱 0.15: 민감도 0.68"}},
	}.Panel()
}

func precisionChart() Panel {
	return PrecisionRecall{
		X: "민감도", Y: "양성예측도", Prevalence: .154, Name: "유병률 0.154",
		Curves: []Series{
			line("신경망 0.482", Blue, 60, .02, 1, func(x float64) float64 { return .154 + .75*(1-x)*(1-x*.4) }),
			line("로지스틱 회귀 0.471", Orange, 60, .02, 1, func(x float64) float64 { return .154 + .71*(1-x)*(1-x*.4) }),
		},
		Cuts: []Note{{X: .69, Y: .154 + .75*.31*(1-.69*.4), Text: "문턱 0.15"}},
	}.Panel()
}

func mirrorOf(high float64, r *rand.Rand) Mirror {
	const bins = 25
	m := Mirror{UpName: "사건 있음 174", DownName: "사건 없음 957", Up: make([]float64, bins), Down: make([]float64, bins)}
	for i := range bins + 1 {
		m.Edges = append(m.Edges, high*float64(i)/bins)
	}
	add := func(list []float64, n int, middle float64) {
		for range n {
			list[int(bins/(1+math.Exp(-middle-r.NormFloat64())))]++
		}
	}
	add(m.Up, 174, -.3)
	add(m.Down, 957, -1.8)
	return m
}

func calibrationChart(high float64) Panel {
	k := Calibration{X: "예측한 위험도", Y: "관찰된 비율", Ideal: "이상적", Risks: mirrorOf(high, dice())}
	k.Curve = banded(line("신경망 (기울기 0.94)", Blue, 50, 0, high*.9, func(x float64) float64 { return high * (.03 + .9*math.Pow(x/high, 1.15)) }),
		func(x float64) float64 { return .03*high + .12*x })
	k.Groups = Series{Ink: Blue, Thin: true}
	for i := range 9 {
		x := high * (float64(i) + .4) / 10
		y := high * (.02 + .95*math.Pow(x/high, 1.1))
		k.Groups.X, k.Groups.Y = append(k.Groups.X, x), append(k.Groups.Y, y)
		k.Groups.Low, k.Groups.High = append(k.Groups.Low, y-.04*high), append(k.Groups.High, y+.05*high)
	}
	return k.Panel()
}

func risksChart() Panel {
	return Risks{X: "예측한 위험도", Y: "그 집단 안의 비율", Groups: mirrorOf(1, dice()), Cut: .15, Name: "문턱 0.15"}.Panel()
}

func decisionChart() Panel {
	benefit := func(name string, k Ink, a float64) Series {
		return banded(line(name, k, 50, .01, .5, func(t float64) float64 { return .154*math.Exp(-t*a) - .002 }), func(t float64) float64 { return .012 + .01*t })
	}
	return Decision{
		X: "문턱 확률", Y: "순이득", None: "아무도 안 함", Cut: .15, CutName: "문턱 0.15", Curves: []Series{benefit("신경망", Blue, 4.6), benefit("로지스틱 회귀", Orange, 5)},
		All: line("모두에게", Grey, 50, .01, .5, func(t float64) float64 { return .154 - .846*t/(1-t) }),
	}.Panel()
}

func forestChart() Panel {
	row := func(name, n, events string, v, w float64) Row {
		return Row{Name: name, Inset: true, Cells: []string{n, events}, Value: v, Low: v - w, High: v + w, Text: fmt.Sprintf("%.3f (%.3f–%.3f)", v, v-w, v+w), Ink: Blue}
	}
	return Forest{
		Heads: []string{"집단", "n", "사건", "AUROC (95% 신뢰구간)"}, X: "AUROC", Overall: .812, Name: "전체 0.812",
		List: []Row{
			{Name: "성별", Head: true},
			row("여", "571", "80", .821, .048), row("남", "560", "94", .803, .046),
			{Name: "나이", Head: true},
			row("65세 미만", "702", "61", .834, .052), row("65세 이상 80세 미만", "371", "89", .781, .05),
			{Name: "80세 이상", Inset: true, Cells: []string{"58", "< 5"}, Value: math.NaN(), Text: "너무 적음 (사건 5 미만)", Quiet: true},
			{Name: "기관", Head: true},
			row("서울특별시보라매공공의료원호흡기내과", "420", "73", .79, .061), row("나", "711", "101", .819, .04),
		},
	}.Panel()
}

func lossesChart(members int, scale float64) Panel {
	r := dice()
	course := func(name string, k Ink, floor, rise float64) Course {
		c := Course{Name: name, Ink: k}
		for range members {
			list := make([]float64, 60+r.IntN(30))
			for i := range list {
				e := float64(i)
				list[i] = scale*.4*math.Exp(-e/9) + floor + rise*e*e + .006*r.NormFloat64()
			}
			c.Members = append(c.Members, list)
		}
		return c
	}
	return Losses{
		X: "세대", Y: "로그 손실", Best: 38, Name: "고른 세대 38",
		Groups: []Course{course("학습한 행", Blue, .3, -.000005), course("떼어 둔 행", Orange, .34, .00001)},
	}.Panel()
}

func survivalChart() Panel {
	r := dice()
	s := Survival{X: "입원 뒤 날", Y: "생존율"}
	rates := []float64{.0012, .003, .006}
	for i, name := range []string{"낮은 위험", "가운데 위험", "높은 위험"} {
		g := Group{Name: name}
		for k := range 37 {
			t := float64(k) * 10
			v := math.Exp(-rates[i] * t)
			g.Time, g.Value = append(g.Time, t), append(g.Value, v)
			g.Low, g.High = append(g.Low, v-.0002*t), append(g.High, v+.00015*t)
			if r.IntN(4) == 0 {
				g.Censored, g.CensoredAt = append(g.Censored, t+4), append(g.CensoredAt, v)
			}
		}
		s.Groups = append(s.Groups, g)
	}
	s.AtRisk = AtRisk{Head: "위험집합의 수", Count: func(g int, t float64) int { return int(400 * math.Exp(-(rates[g]+.002)*t)) }}
	return s.Panel()
}

// pairs are truths and predictions.
func pairs() (truth, guess []float64) {
	r := dice()
	for range 3000 {
		v := 150 + 60*r.NormFloat64()
		truth, guess = append(truth, v+35*r.NormFloat64()), append(guess, 150+.8*(v-150))
	}
	return truth, guess
}

func agreementChart() Panel {
	truth, guess := pairs()
	mean, gap := make([]float64, len(truth)), make([]float64, len(truth))
	for i := range truth {
		mean[i], gap[i] = (truth[i]+guess[i])/2, guess[i]-truth[i]
	}
	return Agreement{
		X: "예측과 측정의 평균 (mg/dL)", Y: "예측 − 측정 (mg/dL)", Cells: Bin(mean, gap, 24, 5),
		Mean: .3, Low: -72, High: 73, MeanName: "평균 0.3", LowName: "−1.96 SD: −72", HighName: "+1.96 SD: 73",
	}.Panel()
}

func observedChart() Panel {
	truth, guess := pairs()
	return Observed{
		X: "예측 (mg/dL)", Y: "측정 (mg/dL)", Ideal: "예측 = 측정", Cells: Bin(guess, truth, 24, 5),
		Curve: line("매끈한 곡선", Orange, 20, 40, 260, func(x float64) float64 { return 150 + 1.2*(x-150) }),
	}.Panel()
}

func importanceChart() Panel {
	var list []Row
	for i, name := range []string{"나이", "혈청 크레아티닌", "수축기 혈압", "최근 여섯 달 동안 응급실을 찾은 횟수", "헤모글로빈", "성별", "흡연"} {
		v := .08/float64(i+1) - .012
		list = append(list, Row{Name: name, Value: v, Low: v - .006, High: v + .006, Text: minus(fmt.Sprintf("%.4f ± %.4f", v, .006)), Ink: Blue})
	}
	return Importance{Heads: []string{"열", "손실의 증가 ± 표준오차"}, X: "섞었을 때 로그 손실의 증가", List: list}.Panel()
}

func dependenceChart() Panel {
	r := dice()
	risk := func(x float64) float64 { return 1 / (1 + math.Exp(4-.05*x)) }
	d := Dependence{X: "나이 (세)", Y: "예측한 위험도", Mean: banded(line("평균", Blue, 40, 20, 95, risk), func(x float64) float64 { return .0006 * x }), Rug: []float64{34, 43, 50, 56, 61, 66, 71, 77, 84}}
	for range 30 {
		shift := 18 * r.NormFloat64()
		d.Rows = append(d.Rows, line("", Grey, 40, 20, 95, func(x float64) float64 { return risk(x + shift) }).Y)
	}
	return d.Panel()
}

func levelsChart() Panel {
	return Dependence{X: "흡연", Y: "예측한 위험도", Labels: []string{"안 피움", "끊음", "피움"}, Mean: Series{Name: "평균", X: []float64{0, 1, 2}, Y: []float64{.11, .14, .21}, Ink: Blue}}.Panel()
}

func confusionChart(n int) Panel {
	m := Matrix{Rows: "줄: 실제, 칸: 예측, %: 실제 가운데의 몫", Columns: "예측"}
	for i := range n {
		m.Classes = append(m.Classes, []string{"정상", "경도인지장애", "알츠하이머병", "D", "E", "F", "G", "H", "I", "J"}[i])
		row := make([]float64, n)
		for j := range row {
			row[j] = float64((i*7 + j*3) % 9)
		}
		row[i] = 140 - 20*float64(i%4)
		m.Counts = append(m.Counts, row)
	}
	return Panel{Body: m}
}

func oddsChart() Panel {
	row := func(name string, v, low, high float64) Row {
		return Row{Name: name, Value: v, Low: low, High: high, Text: fmt.Sprintf("%.2f (%.2f–%.2f)", v, low, high), Ink: Blue}
	}
	return Odds{
		Heads: []string{"열", "오즈비 (95% 신뢰구간)"}, X: "오즈비 (로그 눈금)", None: "1 = 관계 없음",
		List: []Row{
			row("나이 (10세마다)", 1.42, 1.21, 1.67), row("크레아티닌 (표준편차마다)", 1.9, 1.5, 2.41), row("헤모글로빈", .71, .58, .87), row("여", .93, .66, 1.31),
			row("드문 병", 6.2, .004, 9800),
		},
	}.Panel()
}

func driftChart() Panel {
	var list []Row
	for i, name := range []string{"혈청 크레아티닌", "나이", "수축기 혈압", "진단 코드", "성별"} {
		v := []float64{.41, .18, .07, .02, .001}[i]
		list = append(list, Row{Name: name, Value: v, Low: math.NaN(), High: math.NaN(), Text: fmt.Sprintf("%.3f %s", v, []string{"크게 달라짐", "달라짐", "그대로", "그대로", "그대로"}[i])})
	}
	return Drift{Heads: []string{"열", "PSI"}, X: "집단 안정성 지수 (PSI)", Moved: "0.1 달라짐", Much: "0.25 크게", List: list}.Panel()
}

// TestSheet draws every chart; PICTURE_SHEET names a directory for the pictures and a page of them all, to be looked at.
func TestSheet(t *testing.T) {
	page := "<!doctype html><meta charset=utf-8><meta name=color-scheme content='light dark'><body style='margin:0'>\n"
	for i, chart := range charts() {
		for _, wide := range []int{360, 720} {
			svg := (Figure{ID: fmt.Sprintf("c%d-%d", i, wide), Lang: "ko", Title: chart.name, Width: wide, Panels: []Panel{chart.panel}}).SVG()
			wellFormed(t, svg)
			page += string(svg)
			if dir := os.Getenv("PICTURE_SHEET"); dir != "" {
				if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%02d-%d.svg", i, wide)), svg, 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	if dir := os.Getenv("PICTURE_SHEET"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, "sheet.html"), []byte(page), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
