"""Puts the gradus program into the wheel and names the platform it is for. GRADUS_BINARY is its path, GRADUS_PLATFORM (linux/amd64, …) what it
was built for; without GRADUS_BINARY the wheel has no program and is for any platform: it uses the one on PATH."""

import os

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# The program is one static file, so that on Linux it needs no C library, of whichever age or make.
TAGS = {
    "linux/amd64": "manylinux_2_17_x86_64.manylinux2014_x86_64.musllinux_1_1_x86_64",
    "linux/arm64": "manylinux_2_17_aarch64.manylinux2014_aarch64.musllinux_1_1_aarch64",
    "darwin/amd64": "macosx_12_0_x86_64",
    "darwin/arm64": "macosx_12_0_arm64",
    "windows/amd64": "win_amd64",
    "windows/arm64": "win_arm64",
}


class Hook(BuildHookInterface):
    def initialize(self, version, build_data):
        program = os.environ.get("GRADUS_BINARY")
        if not program or version == "editable":
            return
        platform = os.environ.get("GRADUS_PLATFORM", "")
        if platform not in TAGS:
            raise ValueError("GRADUS_PLATFORM is %r; wheels are made for %s" % (platform, ", ".join(TAGS)))
        name = "gradus.exe" if platform.startswith("windows") else "gradus"
        build_data["force_include"][os.path.abspath(program)] = "gradus/bin/" + name
        build_data["pure_python"] = False
        build_data["tag"] = "py3-none-" + TAGS[platform]
