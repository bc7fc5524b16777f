# The Python package: its wheel in environments of their own without a compiler, under the newest scikit-learn and that of Debian 12.
PYTHON_NEW='scikit-learn==1.9.1 pandas==3.1.1 pytest==9.2.0 hatchling==1.33.0 numpy'
PYTHON_OLD='scikit-learn==1.2.1 numpy==1.24.2 scipy==1.10.1 pytest==9.2.0'

python() {
  local home=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache} wheel=$log/wheel
  runtimes
  # shellcheck disable=SC2086
  check 'Python: packages' "$home/gradus-python/bin/pip" install -q --disable-pip-version-check $PYTHON_NEW
  # shellcheck disable=SC2086
  check 'Python: packages of Debian 12' pythonof "$home/gradus-python-1.2" $PYTHON_OLD
  check 'Python: the wheel builds' env GRADUS_BINARY="$PWD/bin/gradus" GRADUS_PLATFORM="$(go env GOOS)/$(go env GOARCH)" \
    "$home/gradus-python/bin/python" -m pip wheel -q --disable-pip-version-check --no-deps --no-build-isolation -w "$wheel" ./python
  check 'Python: the wheel installs with nothing but NumPy and without a compiler' pythonwheel "$wheel"
  works 'GradusClassifier, GradusRegressor: all estimator checks' 'scikit-learn' "$(pythonversion gradus-python)" pythontests gradus-python python
  works 'GradusClassifier, GradusRegressor: all estimator checks' 'scikit-learn' "$(pythonversion gradus-python-1.2)" pythontests gradus-python-1.2 python/tests/test_estimators.py -k scikit_learn
  check 'Python: docs/python.md' pythontests gradus-python --doctest-glob='*.md' docs/python.md
}

pythonof() {
  [ -x "$1/bin/pip" ] || python3 -m venv "$1" || return 1
  "$1/bin/pip" install -q --disable-pip-version-check "${@:2}"
}

pythonversion() { "$home/$1/bin/python" -c 'import sklearn; print(sklearn.__version__)'; }

# pythontests ENVIRONMENT ARGUMENT…: pytest of the installed wheel, not of the sources.
pythontests() { PYTHONPATH=$wheel/site "$home/$1/bin/python" -m pytest -q -p no:cacheprovider "${@:2}"; }

# pythonwheel WHEEL: into a folder, with no program but Python on the PATH; then the three lines of the README there.
pythonwheel() {
  env PATH=/nowhere "$home/gradus-python/bin/python" -m pip install -q --disable-pip-version-check --no-index --no-deps --target "$1/site" "$1"/*.whl &&
    env -u GRADUS_BINARY PATH=/nowhere PYTHONPATH="$1/site" "$home/gradus-python/bin/python" -c '
import gradus, numpy
assert "site" in gradus.binary(), gradus.binary()
assert not any(m == "sklearn" for m in __import__("sys").modules)
X = numpy.random.default_rng(1).normal(size=(60, 3)); y = (X[:, 0] > 0).astype(int)
assert gradus.GradusClassifier().fit(X, y).score(X, y) > .9'
}
