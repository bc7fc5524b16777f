package kernel

// erfTable holds, for x₀ = i/8 with i = 0 … 16, erf x₀ and what its float64 leaves out, erfc x₀ so too, the slope g = (2/√π)·e^(−x₀²) so too,
// and c₁ … c₁₂ of erf(x₀+s) − erf x₀ = g·s·(1 + c₁s + c₂s² + …). As erf″ = −2x·erf′, cₙ = dₙ/(n+1) with (n+1)·dₙ₊₁ = −2·(x₀dₙ + dₙ₋₁).
// Computed with 400 bits (mpmath); the test computes it again with math/big.
var erfTable = [17][18]float64{
	{ // .0
		0, 0, 0x1p+0, 0,
		0x1.20dd750429b6dp+0, 0x1.1ae3a914fed8p-56,
		0, -0x1.5555555555555p-2, 0, 0x1.999999999999ap-4, 0, -0x1.8618618618618p-6,
		0, 0x1.2f684bda12f68p-8, 0, -0x1.8d3018d3018d3p-11, 0, 0x1.c01c01c01c01cp-14,
	},
	{ // .125
		0x1.1f5e1a35c3b89p-3, 0x1.d0b6d6493e0f4p-57, 0x1.b82879728f11ep-1, -0x1.742db5924f83dp-55,
		0x1.1c62fa1e869b6p+0, 0x1.ce6909ad6a1e7p-55,
		-0x1p-3, -0x1.4aaaaaaaaaaabp-2, 0x1.faaaaaaaaaaabp-5, 0x1.8022222222222p-4, -0x1.4e3e93e93e93fp-6, -0x1.61e76a76a76a7p-6,
		0x1.4abbb53b53b54p-8, 0x1.0a1254e1bfe32p-8, -0x1.05cb94bdeb28ap-10, -0x1.506981f500ccbp-11, 0x1.595ca5e92aaefp-13, 0x1.6e423d77c0e6cp-14,
	},
	{ // .25
		0x1.1af54e232d609p-2, -0x1.bee921fa4172bp-56, 0x1.728558ee694fcp-1, -0x1.208b6f02df46ap-55,
		0x1.0f5d1602f7e41p+0, -0x1.3e41778d4b1eep-55,
		-0x1p-2, -0x1.2aaaaaaaaaaabp-2, 0x1.eaaaaaaaaaaabp-4, 0x1.3555555555555p-4, -0x1.393e93e93e93fp-5, -0x1.f3b53b53b53b5p-7,
		0x1.2bba1ba1ba1bap-7, 0x1.420e4472800b9p-9, -0x1.ca7be4300a1d1p-10, -0x1.523d50b2649edp-12, 0x1.23f65e248c42ep-12, 0x1.23c4db9d32abbp-15,
	},
	{ // .375
		0x1.9dd0d2b721f39p-2, -0x1.1671c021d14c4p-56, 0x1.311796a46f064p-1, -0x1.74c71fef1759ep-55,
		0x1.f5f0cdaf15313p-1, 0x1.dff29f5ad8117p-60,
		-0x1.8p-2, -0x1.eaaaaaaaaaaabp-3, 0x1.5cp-3, 0x1.7cp-5, -0x1.a2b3333333333p-5, -0x1.6cec7ec7ec7ecp-8,
		0x1.77fdd41d41d42p-7, 0x1.0959543feea99p-13, -0x1.0c9d95f15f15fp-9, 0x1.f33a96a144d7dp-14, 0x1.3dcb4f462c3d8p-12, -0x1.1f7b7d05ab1e3p-15,
	},
	{ // .5
		0x1.0a7ef5c18edd2p-1, 0x1.5e809f1a31a28p-56, 0x1.eb02147ce245cp-2, -0x1.5e809f1a31a28p-56,
		0x1.c1efca49a5011p-1, 0x1.4c081d7f495p-55,
		-0x1p-1, -0x1.5555555555555p-3, 0x1.aaaaaaaaaaaabp-3, 0x1.1111111111111p-7, -0x1.d27d27d27d27dp-5, 0x1.9319319319319p-8,
		0x1.76a76a76a76a7p-7, -0x1.4345fb7c2989bp-9, -0x1.d42fc023d4ba7p-10, 0x1.28b8d0da1ca14p-11, 0x1.d4976cfa00111p-13, -0x1.96daad9fd18aap-14,
	},
	{ // .625
		0x1.3f196dcd0f135p-1, -0x1.f25f4f6fdf70bp-56, 0x1.81cd2465e1d96p-2, 0x1.f25f4f6fdf70bp-56,
		0x1.86e9694134b9ep-1, -0x1.3bda1314b1d68p-55,
		-0x1.4p-1, -0x1.2aaaaaaaaaaabp-4, 0x1.d955555555555p-3, -0x1.2622222222222p-5, -0x1.bb9c71c71c71cp-5, 0x1.2a7efbefbefbfp-6,
		0x1.1ef5451451451p-7, -0x1.37dfc8eac79p-8, -0x1.f85cb74f03291p-11, 0x1.d195e3fea759ap-11, 0x1.beb8672e651bcp-15, -0x1.11605efd7be9p-13,
	},
	{ // .75
		0x1.6c1c9759d0e5fp-1, 0x1.b1432f2cbc455p-55, 0x1.27c6d14c5e341p-2, 0x1.3af3434d0eeabp-57,
		0x1.492e42d78d2c5p-1, -0x1.8bd386a7ba3f6p-55,
		-0x1.8p-1, 0x1.5555555555555p-5, 0x1.ep-3, -0x1.5333333333333p-4, -0x1.5666666666666p-5, 0x1.d5ca5ca5ca5cap-6,
		0x1.d541d41d41d42p-9, -0x1.947f529fd4a7fp-8, 0x1.2f67dce434a9bp-12, 0x1.fcd64951f6de4p-11, -0x1.5a5c124377ffap-13, -0x1.ee24b787fad37p-14,
	},
	{ // .875
		0x1.91724951b8fc6p-1, -0x1.27912dd352f8bp-55, 0x1.ba36dab91c0e9p-3, 0x1.3c896e9a97c59p-58,
		0x1.0cab61f084b93p-1, 0x1.098a511a778e7p-56,
		-0x1.cp-1, 0x1.6aaaaaaaaaaabp-3, 0x1.b6aaaaaaaaaabp-3, -0x1.0655555555555p-3, -0x1.43b60b60b60b6p-6, 0x1.224e1ee1ee1eep-5,
		-0x1.cd227d27d27d2p-9, -0x1.96c0d5a63df22p-8, 0x1.c0afb0fcd6e9ep-10, 0x1.85b692927c6b8p-11, -0x1.8198f12abfc08p-12, -0x1.d018127ef4e84p-15,
	},
	{ // 1.0
		0x1.af767a741088bp-1, -0x1.c97f778122797p-56, 0x1.4226162fbddd5p-3, -0x1.b40443f6ec34ap-59,
		0x1.a911f096fbc26p-2, -0x1.086a09f735b33p-56,
		-0x1p+0, 0x1.5555555555555p-2, 0x1.5555555555555p-3, -0x1.5555555555555p-3, 0x1.6c16c16c16c17p-7, 0x1.2b12b12b12b13p-5,
		-0x1.7917917917918p-7, -0x1.29a0d2f0bd44bp-8, 0x1.8334a5116d88ap-9, 0x1.b012bad5d3a28p-13, -0x1.f958a53a56678p-12, 0x1.7a3b26e2df449p-15,
	},
	{ // 1.125
		0x1.c6dad2829ec62p-1, -0x1.ab76d4cba3d05p-57, 0x1.c9296beb09cf1p-4, -0x1.5224acd170beep-59,
		0x1.45e99bcbb7915p-2, 0x1.7bcd0125a8155p-56,
		-0x1.2p+0, 0x1.0555555555555p-1, 0x1.68p-4, -0x1.8a9999999999ap-3, 0x1.8fe6666666666p-5, 0x1.ee8a5ca5ca5cap-6,
		-0x1.3679a83a83a84p-6, -0x1.28ab62e0d8b83p-10, 0x1.daf0a8f5c28f6p-9, -0x1.237ed996c3504p-11, -0x1.d25fc6d72c48ep-12, 0x1.45dedd1c3f25bp-13,
	},
	{ // 1.25
		0x1.d8865d98abe01p-1, -0x1.fcec4afb974d9p-55, 0x1.3bcd133aa0ffcp-4, -0x1.89da82345938bp-62,
		0x1.e4652fadcb6b2p-3, -0x1.e950836901024p-61,
		-0x1.4p+0, 0x1.6aaaaaaaaaaabp-1, -0x1.aaaaaaaaaaaabp-6, -0x1.9888888888889p-3, 0x1.70e38e38e38e4p-4, 0x1.f659659659659p-7,
		-0x1.8aaebaebaebafp-6, 0x1.e65b33ec22506p-9, 0x1.b7bcba0483d67p-9, -0x1.670d3ba7c4d44p-10, -0x1.d39c30fb1696bp-13, 0x1.ef024cb90d13p-13,
	},
	{ // 1.375
		0x1.e5768c3b4a3fcp-1, 0x1.8b62674f8989p-57, 0x1.a8973c4b5c03ep-5, 0x1.d27662c1d9dc2p-59,
		0x1.5ce595c455b0ap-3, 0x1.c317415c2c6e1p-59,
		-0x1.6p+0, 0x1.daaaaaaaaaaabp-1, -0x1.6eaaaaaaaaaabp-3, -0x1.6feeeeeeeeeefp-3, 0x1.0a69f49f49f4ap-3, -0x1.10f3673673673p-7,
		-0x1.99cbcd9cd9cdap-6, 0x1.2f813546e2a71p-7, 0x1.f1ee8f60c889bp-10, -0x1.04e62ca621c9p-9, 0x1.61138950af975p-13, 0x1.0100cc0df949cp-12,
	},
	{ // 1.5
		0x1.eea5557137aep-1, -0x1.385e445f2c96dp-55, 0x1.15aaa8ec85205p-5, -0x1.e86ee834da4cep-61,
		0x1.e723726b824a9p-4, -0x1.2203197eea764p-59,
		-0x1.8p+0, 0x1.2aaaaaaaaaaabp+0, -0x1.8p-2, -0x1p-3, 0x1.4cccccccccccdp-3, -0x1.46b46b46b46b4p-5,
		-0x1.457c57c57c57cp-6, 0x1.d7181c2c6d718p-7, -0x1.999999999999ap-11, -0x1.186cdf3da9619p-9, 0x1.567c631ea19fap-11, 0x1.3c9d18f224145p-13,
	},
	{ // 1.625
		0x1.f4f693b67bd77p-1, -0x1.3a1ee1406c356p-56, 0x1.612d893085125p-6, -0x1.7847afe4f2a7bp-62,
		0x1.499d478bca735p-4, 0x1.31c41d17378e2p-60,
		-0x1.ap+0, 0x1.6d55555555555p+0, -0x1.3c55555555555p-1, -0x1.b2aaaaaaaaaabp-6, 0x1.6eda4fa4fa4fap-3, -0x1.3ac6a76a76a77p-4,
		-0x1.d58498c98c98dp-8, 0x1.1f367aac1c88ep-6, -0x1.21e82399c7d56p-8, -0x1.995bb55c01739p-10, 0x1.1e91a635a23b5p-10, -0x1.bd30f8ab67334p-15,
	},
	{ // 1.75
		0x1.f92d077f8d56dp-1, 0x1.8b55ef493fce7p-56, 0x1.b4be201caa4b4p-7, -0x1.6abde927f9cddp-61,
		0x1.b055303221015p-5, 0x1.cba9ea60ed019p-59,
		-0x1.cp+0, 0x1.b555555555555p+0, -0x1.d2aaaaaaaaaabp-1, 0x1.0111111111111p-3, 0x1.5bd27d27d27d2p-3, -0x1.d63c23c23c23cp-4,
		0x1.c549f49f49f4ap-7, 0x1.159948b0fcd6fp-6, -0x1.12e761377f8ecp-7, -0x1.b0c810a435303p-14, 0x1.551b233b98eb1p-10, -0x1.60162beb9f861p-12,
	},
	{ // 1.875
		0x1.fbe61eef4cf6ap-1, 0x1.15ded88667618p-55, 0x1.0678442cc256fp-7, -0x1.77b62199d8601p-61,
		0x1.12ceb37ff9bc3p-5, 0x1.a3b0b09d34761p-59,
		-0x1.ep+0, 0x1.0155555555555p+1, -0x1.428p+0, 0x1.5de6666666666p-2, 0x1.f54p-4, -0x1.2ce1e79e79e7ap-3,
		0x1.5d55492492492p-5, 0x1.61db56b015acp-7, -0x1.7d1c692492492p-7, 0x1.2014d8f67821bp-9, 0x1.19e6dcb150e68p-10, -0x1.4524a460ebe03p-11,
	},
	{ // 2.0
		0x1.fd9ae142795e3p-1, 0x1.972801904b9a3p-56, 0x1.328f5ec350e67p-8, -0x1.ca006412e68dp-62,
		0x1.529b9e8cf9a1ep-6, 0x1.b47becf12c4e4p-61,
		-0x1p+1, 0x1.2aaaaaaaaaaabp+1, -0x1.aaaaaaaaaaaabp+0, 0x1.4444444444444p-1, 0x1.6c16c16c16c17p-6, -0x1.4ed4ed4ed4ed5p-3,
		0x1.3b53b53b53b54p-4, -0x1.3ddafa216933p-9, -0x1.a0adf41dd5c6ap-7, 0x1.490bc60128bc3p-8, 0x1.095a31fed624ep-12, -0x1.9c0e07e6df502p-11,
	},
}
