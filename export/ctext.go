package export

import "gradus/table"

// cTexts are the functions of the steps, in the order of the kernel's plain sums.
var cTexts = map[string]string{
	"number": `static float gr_number(double x, double median, double mean, double sd, double clip) {
	double z = ((x != x ? median : x) - mean) / sd;
	return (float)(z < -clip ? -clip : z > clip ? clip : z);
}
`,
	"dense": `static void gr_dense(float *h, int n, const float *x, int in, const float *w, const float *b) {
	int j, k;
	for (j = 0; j < n; j++) {
		float s = 0;
		for (k = 0; k < in; k++) s += x[k] * w[j * in + k];
		h[j] = s + b[j];
	}
}
`,
	"batchNorm": `static void gr_batchNorm(float *h, int n, const float *x, int in, const float *mean, const float *variance, const float *gamma, const float *beta, float epsilon) {
	int i;
	(void)in;
	for (i = 0; i < n; i++) {
		float scale = 1 / (float)sqrt((double)(float)(variance[i] + epsilon));
		h[i] = gamma[i] * ((x[i] - mean[i]) * scale) + beta[i];
	}
}
`,
	"layerNorm": `static void gr_layerNorm(float *h, int n, const float *x, int in, const float *gamma, const float *beta, float epsilon) {
	float mean = 0, variance = 0, scale;
	int i;
	(void)in;
	for (i = 0; i < n; i++) mean += x[i];
	mean /= (float)n;
	for (i = 0; i < n; i++) {
		float d = x[i] - mean;
		variance += d * d;
	}
	scale = 1 / (float)sqrt((double)(float)(variance / (float)n + epsilon));
	for (i = 0; i < n; i++) h[i] = gamma[i] * ((x[i] - mean) * scale) + beta[i];
}
`,
	"ramps": `static void gr_ramps(float *h, int n, const float *x, int in, const int *of, const float *from, const float *steep) {
	int i;
	memcpy(h, x, (size_t)in * sizeof *h);
	for (i = 0; i < n - in; i++) {
		float v = (x[of[i]] - from[i]) * steep[i];
		h[in + i] = (v < 0 ? 0 : v > 1 ? 1 : v) - .5f;
	}
}
`,
	"first": "static void gr_first(float *h, int n, const float *x, int in) { (void)in; memcpy(h, x, (size_t)n * sizeof *h); }\n",
	"clear": "static void gr_zero(float *h, int n) { memset(h, 0, (size_t)n * sizeof *h); }\n",
	"add": `static void gr_add(float *h, int n, const float *x, int in) {
	int i;
	(void)in;
	for (i = 0; i < n; i++) h[i] += x[i];
}
`,
	"relu": `static void gr_reluAll(float *x, int n) {
	int i;
	for (i = 0; i < n; i++) x[i] = x[i] > 0 ? x[i] : 0;
}
`,
	"leaky-relu": `static void gr_leaky(float *x, int n, double slope) {
	int i;
	for (i = 0; i < n; i++) x[i] = x[i] > 0 ? x[i] : (float)(slope * x[i]);
}
`,
	"step": `static void gr_stepAll(float *x, int n) {
	int i;
	for (i = 0; i < n; i++) x[i] = x[i] >= 0;
}
`,
	"softmax": softmaxC("softmaxAll", "float"),
}

// softmaxC is the softmax of a row of numbers of a kind.
func softmaxC(name, kind string) string {
	return "static void gr_" + name + "(" + kind + ` *x, int n) {
	double top = x[0], sum = 0;
	int i;
	for (i = 1; i < n; i++) top = x[i] > top ? x[i] : top;
	for (i = 0; i < n; i++) {
		double e = gr_exp((double)x[i] - top);
		x[i] = (` + kind + `)e;
		sum += e;
	}
	for (i = 0; i < n; i++) x[i] = (` + kind + `)((double)x[i] / sum);
}
`
}

// cOps writes the functions that the columns, the steps and the result call.
func (s *writer) cOps() {
	kinds := map[table.Kind]bool{}
	for i := range s.m.Preparation.Inputs {
		in := &s.m.Preparation.Inputs[i]
		kinds[in.Kind] = kinds[in.Kind] || in.Kind == table.Category || in.SD > 0
	}
	if kinds[table.Number] {
		s.f("%s\n", cTexts["number"])
	}
	if kinds[table.Category] {
		s.f("static int gr_missing(const char *s) {\n\treturn s == 0")
		for _, code := range table.MissingCodes() {
			s.f(" || !strcmp(s, %s)", cQuote(code))
		}
		s.f(";\n}\n\n")
	}
	for _, op := range s.ops() {
		text := cTexts[op]
		if f := functions[op]; f != "" {
			text = "static void gr_" + goOp(op) + "(float *x, int n) {\n\tint i;\n\tfor (i = 0; i < n; i++) x[i] = (float)gr_" + f + "(x[i]);\n}\n"
		}
		s.f("%s\n", text)
	}
	if s.m.Target.Task == table.TaskClasses {
		s.f("%s\n", softmaxC("softmax", "double"))
	}
}
