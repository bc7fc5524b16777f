// sgemm is a product of n×n row-major matrices, c = a·b, by the letters N and T.
typedef int (*sgemm)(char form_a, char form_b, long n, const float *a, const float *b, float *c);

// load finds openblas or onednn in the library at path; 0 where it is not there, with the reason in *why.
sgemm load(const char *kind, const char *path, const char **version, const char **why);

// repeat calls f so many times; 0 where all succeeded.
int repeat(sgemm f, long times, char form_a, char form_b, long n, const float *a, const float *b, float *c);
