package kernel

// MultiplyAdds does at least rounds rounds of multiply-adds of numbers that stand in registers, with the best instructions that this
// machine has, whatever Use chose, and returns how many operations of a single number that was, a multiply-add being two. Their rate
// is the most that any routine can reach here: bench measures the others by it. 10,000 rounds take 0.1 ms, in which nothing else runs on this core.
func MultiplyAdds(rounds int) int {
	if rounds < 1 {
		return 0
	}
	return multiplyAdds(rounds)
}

// drilled is 0, which the compiler cannot know, so that it leaves no sum out.
var drilled float32

// plainMultiplyAdds keeps eight chains under way, as many as a compiler holds in registers.
func plainMultiplyAdds(rounds int) int {
	var a, b, c, d, e, f, g, h float32
	x := drilled
	for range rounds {
		a = float32(a*x) + x
		b = float32(b*x) + x
		c = float32(c*x) + x
		d = float32(d*x) + x
		e = float32(e*x) + x
		f = float32(f*x) + x
		g = float32(g*x) + x
		h = float32(h*x) + x
	}
	if sum := a + b + c + d + e + f + g + h; sum != 0 {
		drilled = sum
	}
	return 2 * 8 * rounds
}
