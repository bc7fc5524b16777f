#define _GNU_SOURCE
#include "call.h"
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

typedef void (*cblas)(int, int, int, int, int, int, float, const float *, int, const float *, int, float, float *, int);
typedef int (*dnnl)(char, char, int64_t, int64_t, int64_t, float, const float *, int64_t, const float *, int64_t, float, float *, int64_t);

static cblas openblas;
static dnnl onednn;
static char name[256];

static int by_openblas(char p, char q, long n, const float *a, const float *b, float *c) {
	openblas(101, p == 'T' ? 112 : 111, q == 'T' ? 112 : 111, n, n, n, 1, a, n, b, n, 0, c, n);
	return 0;
}

static int by_onednn(char p, char q, long n, const float *a, const float *b, float *c) {
	return onednn(p, q, n, n, n, 1, a, n, b, n, 0, c, n);
}

static void *symbol(void *library, const char *plain, const char *prefixed) {
	void *f = dlsym(library, plain);
	return f ? f : dlsym(library, prefixed);
}

sgemm load(const char *kind, const char *path, const char **version, const char **why) {
	void *library = dlopen(path, RTLD_NOW | RTLD_GLOBAL);
	*version = name;
	if (!library) {
		*why = dlerror();
		return 0;
	}
	*why = "it has no product of matrices";
	if (!strcmp(kind, "openblas")) {
		char *(*config)(void) = symbol(library, "openblas_get_config", "scipy_openblas_get_config");
		if ((openblas = symbol(library, "cblas_sgemm", "scipy_cblas_sgemm")) == 0 || config == 0)
			return 0;
		snprintf(name, sizeof name, "%s", config());
		return by_openblas;
	}
	const struct { int major, minor, patch; } *(*told)(void) = dlsym(library, "dnnl_version");
	if ((onednn = dlsym(library, "dnnl_sgemm")) == 0 || told == 0)
		return 0;
	snprintf(name, sizeof name, "%d.%d.%d", told()->major, told()->minor, told()->patch);
	return by_onednn;
}

int repeat(sgemm f, long times, char p, char q, long n, const float *a, const float *b, float *c) {
	int failed = 0;
	for (long i = 0; i < times; i++)
		failed |= f(p, q, n, a, b, c);
	return failed;
}
