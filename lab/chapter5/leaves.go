package chapter5

import "gradus/lab/scene"

// nudge is a control for how far something is moved.
func nudge(at float64) scene.Control {
	return scene.RealControl("by", scene.Say("lab45.by"), at, .0001, 1, .01).Logarithmic().In("bar")
}

// leaves are the pages of the section.
var leaves = []leaf{
	{n: 1, at: "E", leads: true, vignette: true, beside: besideBlame, asks: askBlame, own: []scene.Control{
		scene.ChoiceControl("nudged", scene.Say("lab45.nudged"), "lab45.weight", weights...).In("bar"), nudge(.01),
	}},
	{n: 2, leads: true, beside: besideCount, asks: askCount, own: []scene.Control{
		scene.WholeControl("in", scene.Say("lab45.in"), 2, 1, 6).In("bar"), scene.WholeControl("hidden", scene.Say("lab45.hidden_n"), 2, 1, 6).In("bar"),
		scene.WholeControl("out", scene.Say("lab45.out"), 2, 1, 6).In("bar"),
	}},
	{n: 3, slip: true, formula: "o₁₁ = w₁₁x₁ + w₁₂x₂", beside: besideNames, asks: askNames, own: []scene.Control{
		scene.ChoiceControl("tap", scene.Say("lab45.tap"), "lab45.tap", "x1", "w11", "o11", "h11", "h21", "y1").In("bar"),
	}},
	{n: 4, seed: 1, beside: besideGiven, asks: askGiven},
	{n: 5, formula: "o₁₁ = w₁₁x₁ + w₁₂x₂", beside: besideProducts, asks: askHiddenSums},
	{n: 6, at: "o12", formula: "h₁₁ = f(o₁₁)", beside: besideCurve, asks: askHidden},
	{n: 7, at: "h12", formula: "o₂₁ = w₂₁h₁₁ + w₂₂h₁₂", asks: askOutSums},
	{n: 8, at: "o22", formula: "h₂₁ = f(o₂₁)", beside: besideGauges, asks: askOut},
	{n: 9, at: "h22", slip: true, formula: "E = ½Σ(yᵢ − h₂ᵢ)²", beside: besideTargets, asks: askCosts},
	{n: 10, at: "h22", formula: "E = ½{(y₁ − h₂₁)² + (y₂ − h₂₂)²}", beside: besideShares, asks: askError},
	{n: 11, at: "E", leads: true, formula: "w := w − α·∂E/∂w", beside: besideStep, asks: askSigns},
	{n: 12, at: "E", formula: "∂E/∂w₂₁ = ① · ② · ③", asks: askOrder, own: []scene.Control{
		scene.ChoiceControl("factor", scene.Say("lab45.factor"), "lab45.factor", "all", "1", "2", "3").In("bar"),
	}},
	{n: 13, at: "E", formula: "dy/dx = dy/du · du/dx", beside: besideGears, asks: askChain, own: []scene.Control{
		scene.RealControl("x", scene.Text("x"), .5, -5, 5, .1).In("figure"), nudge(.001),
	}},
	{n: 14, at: "E", formula: "∂E/∂w₂₁ = ∂E/∂h₂₁ · ∂h₂₁/∂o₂₁ · ∂o₂₁/∂w₂₁", asks: askTiles},
	{n: 15, at: "E", slip: true, formula: "① ∂E/∂h₂₁ = ∂/∂h₂₁ ½(y₁ − h₂₁)²", beside: besideSlope, asks: askFirst},
	{n: 16, at: "dE_dh21", formula: "② ∂h₂₁/∂o₂₁ = h₂₁(1 − h₂₁)", beside: besideTangent, asks: askSecond},
	{n: 17, at: "dh21_do21", formula: "③ ∂o₂₁/∂w₂₁", beside: besideWiggle, asks: askThird, own: []scene.Control{nudge(.1)}},
	{n: 18, at: "do21_dw21", formula: "w₂₁ := w₂₁ − α·∂E/∂w₂₁", beside: besideRuler, asks: askUpdate},
	{n: 19, at: "w21'", formula: "δ₂₁ = ∂E/∂h₂₁ · ∂h₂₁/∂o₂₁", beside: besideDelta, asks: askOthers},
	{n: 20, at: "w24'", lights: "dE_dh11", vignette: true, formula: "∂E/∂w₁₁ = ∂E/∂h₁₁ · ∂h₁₁/∂o₁₁ · ∂o₁₁/∂w₁₁", asks: askWays},
	{n: 21, at: "dE_dh11", slip: true, finite: true, beside: besideRuler, asks: askSum},
	{n: 22, at: "dE_dh11", formula: "∂h₁₁/∂o₁₁ = h₁₁(1 − h₁₁)", beside: besideTangent, asks: askHiddenSlope},
	{n: 23, at: "dh11_do11", formula: "∂o₁₁/∂w₁₁", asks: askInput},
	{n: 24, at: "do11_dw11", slip: true, formula: "w₁₁ := w₁₁ − α·∂E/∂w₁₁", beside: besideLine, asks: askFirstWeight},
	{n: 25, at: "w11'", slip: true, formula: "w₁₂ := w₁₂ − α·∂E/∂w₁₂", asks: askFirstLayer},
	{n: 26, at: "w14'", beside: besideChange, asks: askVerify},
	{n: 27, at: "w14'", slip: true, formula: "o₁₁ = w₁₁x₁ + w₁₂x₂", beside: besideCopies, asks: askSums2},
	{n: 28, at: "o12'", slip: true, formula: "h₁₁ = f(o₁₁)", beside: besideRuns, asks: askHidden2},
	{n: 29, at: "h12'", slip: true, formula: "o₂₁ = w₂₁h₁₁ + w₂₂h₁₂", beside: besideCopies, asks: askSums3},
	{n: 30, at: "o22'", slip: true, formula: "h₂₁ = f(o₂₁)", beside: besideRuns, asks: askOut2},
	{n: 31, at: "drop", leads: true, slip: true, formula: "E − E′", beside: besideRounds, asks: askRounds, own: []scene.Control{
		scene.WholeControl("more", scene.Say("lab45.more_steps"), 1, 0, rounds).In("bar"),
	}},
}
