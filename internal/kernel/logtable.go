package kernel

// logTable holds, for z in [i/64, (i+1)/64) with i = 45 … 90, a short c near 1/z and −log c: to 2⁻⁴², and the rest.
// Computed with 300 bits (mpmath); the test computes the logarithms again with math/big.
var logTable = [46][3]float64{
	{0x1.68p+0, -0x1.5d1bdbf581p-2, 0x1.8d6bdc9c7c238p-44},   // 45
	{0x1.608p+0, -0x1.478cd5959bp-2, -0x1.ec89bf0c8d098p-45}, // 46
	{0x1.59p+0, -0x1.31871c9544p-2, -0x1.84fab94cecfd9p-46},  // 47
	{0x1.52p+0, -0x1.1c898c169ap-2, 0x1.81410e5c62affp-44},   // 48
	{0x1.4bp+0, -0x1.071b85fcd6p-2, 0x1.bcb8ba3e01a11p-44},   // 49
	{0x1.448p+0, -0x1.e598ed5a88p-3, 0x1.d134bcf1e98a1p-47},  // 50
	{0x1.3ep+0, -0x1.bc286742d8p-3, -0x1.9ac53f39d121cp-44},  // 51
	{0x1.38p+0, -0x1.9525a9cf46p-3, 0x1.297137d9f158fp-44},   // 52
	{0x1.32p+0, -0x1.6d60fe719ep-3, 0x1.bc6e557134767p-44},   // 53
	{0x1.2c8p+0, -0x1.483bccce6ep-3, -0x1.eea52723f6369p-46}, // 54
	{0x1.27p+0, -0x1.2266f190a6p-3, 0x1.4d20ab840e7f6p-45},   // 55
	{0x1.22p+0, -0x1.fec9131dcp-4, 0x1.54555d1ae6607p-44},    // 56
	{0x1.1dp+0, -0x1.b78c82bb1p-4, 0x1.25ef7bc3987e7p-44},    // 57
	{0x1.18p+0, -0x1.6f0d28ae58p-4, 0x1.4b4641b664613p-44},   // 58
	{0x1.138p+0, -0x1.2cb0283f5cp-4, -0x1.e1ee2ca657021p-44}, // 59
	{0x1.0fp+0, -0x1.d276b8adbp-5, -0x1.6a423c78a64bp-46},    // 60
	{0x1.0a8p+0, -0x1.494acc34d8p-5, -0x1.11c78a56fd247p-45}, // 61
	{0x1.06p+0, -0x1.7b91b07d6p-6, 0x1.3b955b602ace4p-44},    // 62
	{0x1p+0, 0x0p+0, 0x0p+0},                                 // 63
	{0x1p+0, 0x0p+0, 0x0p+0},                                 // 64
	{0x1.f4p-1, 0x1.8492528c9p-6, -0x1.aa0ba325a0c34p-45},    // 65
	{0x1.edp-1, 0x1.35c8bfaa1p-5, 0x1.8357d5ef9eb35p-44},     // 66
	{0x1.e5p-1, 0x1.bbcebfc69p-5, -0x1.7bf868c317c2ap-46},    // 67
	{0x1.dep-1, 0x1.1973bd1464p-4, 0x1.566d154f930b3p-44},    // 68
	{0x1.d7p-1, 0x1.55e10050ep-4, 0x1.c1d740c53c72ep-47},     // 69
	{0x1.d1p-1, 0x1.8a6477a91cp-4, 0x1.c28c0af9bd6dfp-44},    // 70
	{0x1.cap-1, 0x1.c885801bc4p-4, 0x1.646d1c65aacd3p-45},    // 71
	{0x1.c4p-1, 0x1.fe89139dbcp-4, 0x1.56594d82f7a82p-44},    // 72
	{0x1.bep-1, 0x1.1aa2b7e24p-3, -0x1.1ac38dde3b366p-44},    // 73
	{0x1.b8p-1, 0x1.365fcb015ap-3, -0x1.fd3a0afb9691bp-44},   // 74
	{0x1.b2p-1, 0x1.527e5e4a1cp-3, -0x1.4e60b8d4b411dp-44},   // 75
	{0x1.acp-1, 0x1.6f0128b756p-3, 0x1.577390d31ef0fp-44},    // 76
	{0x1.a7p-1, 0x1.871213750ep-3, 0x1.328eb42f9af75p-44},    // 77
	{0x1.a1p-1, 0x1.a454082e6ap-3, 0x1.60a77c81f7171p-44},    // 78
	{0x1.9cp-1, 0x1.bd087383bep-3, -0x1.d4bc4595412b6p-45},   // 79
	{0x1.97p-1, 0x1.d60a17f904p-3, -0x1.5d6e06fc20d39p-44},   // 80
	{0x1.92p-1, 0x1.ef5ade4ddp-3, -0x1.a211565bb8e11p-51},    // 81
	{0x1.8dp-1, 0x1.047e60cde8p-2, 0x1.dbdf10d397f3cp-45},    // 82
	{0x1.88p-1, 0x1.1178e8227ep-2, 0x1.1ef78ce2d07f2p-44},    // 83
	{0x1.84p-1, 0x1.1bf99635a7p-2, -0x1.1ac89575c2125p-44},   // 84
	{0x1.7fp-1, 0x1.2941afb187p-2, -0x1.210c2b730e28bp-44},   // 85
	{0x1.7bp-1, 0x1.3401e12aedp-2, -0x1.17c73556e291dp-44},   // 86
	{0x1.76p-1, 0x1.419b423d5fp-2, -0x1.ce379226de3ecp-44},   // 87
	{0x1.72p-1, 0x1.4c9e09e173p-2, -0x1.e20891b0ad8a4p-45},   // 88
	{0x1.6ep-1, 0x1.57bf753c8dp-2, 0x1.fadedee5d40efp-46},    // 89
	{0x1.6ap-1, 0x1.630030b3abp-2, -0x1.db623e731aep-45},     // 90
}
