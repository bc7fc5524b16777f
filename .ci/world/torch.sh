# Networks that PyTorch trained, as it writes them: gradus import, and the same answers.
torch() {
  local home=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/gradus-torch python=/usr/bin/python3
  if ! $python -c 'import torch' 2>/dev/null && ! { apt-get install -qy --no-install-recommends python3-torch python3-venv >/dev/null 2>&1 </dev/null && $python -c 'import torch' 2>/dev/null; }; then
    skip 'gradus import of PyTorch weights' 'python3-torch is missing'
    return
  fi
  [ -d "$home/safetensors" ] || check 'torch: safetensors' torchwith "$home"
  mkdir -p "$log/torch"
  works 'gradus import' 'PyTorch' "$($python -c 'import torch; print(torch.__version__)')" env PYTHONPATH="$home" $python python/tests/torch_import.py "$PWD/bin/gradus" "$log/torch"
}

# torchwith FOLDER: the package that writes state dicts, beside Debian's torch.
torchwith() {
  python3 -m venv "$log/venv" && "$log/venv/bin/pip" install -q --disable-pip-version-check --no-deps --python-version 3.11 --only-binary :all: --target "$1" safetensors==0.8.0
}
