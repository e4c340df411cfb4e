"""Owns the tasks behind ``make``: what each needs on this machine is set up first, then the task is run.

``make TASK`` and ``python .ci/make.py TASK`` are the same; the second is for Windows, where there is seldom a make.
Standard library only, and old syntax on purpose: an old Python must get far enough to be told which one is needed.
"""

import ctypes
import hashlib
import importlib.util
import os
import shutil
import signal
import ssl
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Callable, Dict, List, Tuple

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements.lock"
PINS = ROOT / ".ci" / "pins.txt"
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LINUX = sys.platform.startswith("linux")

OLDEST, NEWEST = (3, 11), (3, 14)

# What the wheels of Qt expect of a Linux system: the file the loader looks for, and the Debian package that has it.
QT_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libatomic.so.1": "libatomic1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libxkbcommon.so.0": "libxkbcommon0",
}
WINDOW_LIBRARIES = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}


class Stop(Exception):
    """The task cannot go on; the text says what is missing and what to do."""


def say(text: str) -> None:
    print(text, flush=True)


def call(*command: object, **environment: str) -> int:
    """Run a program from the root of the house; its exit code."""
    return subprocess.call([str(part) for part in command], cwd=ROOT, env={**os.environ, **environment})


# --- what the system must have ---------------------------------------------------------------------------------------


def loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def apt_install(packages: List[str]) -> bool:
    """Install Debian packages if that is possible here; whether it was done."""
    if os.name != "posix" or os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    say("Installing Debian packages: " + " ".join(packages))
    # dpkg calls ldconfig, which a short PATH does not show it.
    path = os.environ.get("PATH", "/usr/bin:/bin") + ":/usr/local/sbin:/usr/sbin:/sbin"
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "PATH": path}
    apt = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300", "-o", "Dpkg::Use-Pty=0"]
    subprocess.call([*apt, "update"], env=quiet)
    install = [*apt, "-y", "--no-install-recommends", "install", *packages]
    return subprocess.call(install, env=quiet, stdout=subprocess.DEVNULL) == 0


def install_line(packages: List[str]) -> str:
    return "    sudo apt-get install " + " ".join(packages)


def have_libraries(wanted: Dict[str, str]) -> bool:
    """See that the system libraries are there, install them as root, else say which line does; whether they are there."""
    missing = [name for name in wanted if not loads(name)]
    if missing and apt_install([wanted[name] for name in missing]):
        missing = [name for name in missing if not loads(name)]
    if missing:
        say("Qt, which draws the window, needs %s. On Debian or Ubuntu run:" % ", ".join(missing))
        say(install_line([wanted[name] for name in missing]))
    return not missing


# --- Python and its packages -----------------------------------------------------------------------------------------


def version_of(command: List[str]) -> Tuple[int, int]:
    """The (major, minor) of a Python, (0, 0) for what is none (a pyenv shim without a version behind it, for instance)."""
    try:
        done = subprocess.run(
            [*command, "-c", "import sys; print(*sys.version_info[:2])"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            check=False,
        )
        major, minor = done.stdout.split()
        return int(major), int(minor)
    except (OSError, ValueError):
        return 0, 0


def another_python() -> List[str]:
    """A Python that the lock has wheels for, where the one that runs this script is not such."""
    for minor in (13, 12, 11, 14):
        launcher = ["py", "-3.%d" % minor] if os.name == "nt" else ["python3.%d" % minor]
        if version_of(launcher) == (3, minor):
            return launcher
    raise Stop(
        "This Python is %d.%d; the program needs 3.11, 3.12, 3.13 or 3.14, and none of them is on the PATH.\n"
        "Install one of them and say: make PYTHON=/path/to/python3.13 TASK" % sys.version_info[:2]
    )


def make_venv() -> None:
    """A virtual environment that works: the one there is, or a new one."""
    if OLDEST <= version_of([str(PYTHON)]) <= NEWEST:
        return
    say("Making the virtual environment .venv")
    package = "python%d.%d-venv" % sys.version_info[:2]
    whole = all(importlib.util.find_spec(name) for name in ("venv", "ensurepip")) or apt_install([package])
    if not whole or call(sys.executable, "-m", "venv", "--clear", VENV) != 0:
        shutil.rmtree(VENV, ignore_errors=True)
        raise Stop("Python could not make a virtual environment. On Debian or Ubuntu run:\n" + install_line([package]))


def once(stamp: Path, facts: bytes, work: Callable[[], None]) -> None:
    """Do the work unless it was already done for these facts."""
    wanted = hashlib.sha256(facts).hexdigest()
    if stamp.exists() and stamp.read_text("ascii") == wanted:
        return
    work()
    stamp.write_text(wanted, "ascii")


def install_packages() -> None:
    say("Installing the packages of requirements.lock into .venv (once, some 250 MB)")
    options = ["--quiet", "--no-input", "--disable-pip-version-check", "--no-deps"]
    if call(PYTHON, "-m", "pip", "install", *options, "--require-hashes", "--only-binary=:all:", "-r", LOCK) != 0:
        raise Stop("The packages could not be installed (see above). Once the network is there, run the same again.")


def install_program() -> None:
    options = ["--quiet", "--no-input", "--disable-pip-version-check", "--no-deps", "--no-build-isolation"]
    if call(PYTHON, "-m", "pip", "install", *options, "-e", ROOT) != 0:
        raise Stop("The program itself could not be put into .venv (see above).")


def set_up(window: bool = False) -> bool:
    """Everything a task needs, from a clean clone; whether the system has what Qt needs (also to show a window)."""
    make_venv()
    once(VENV / "packages.stamp", LOCK.read_bytes(), install_packages)
    # The editable install remembers this folder's name: a moved or copied clone needs a new one.
    once(VENV / "program.stamp", (ROOT / "pyproject.toml").read_bytes() + bytes(ROOT), install_program)
    return not LINUX or have_libraries({**QT_LIBRARIES, **WINDOW_LIBRARIES} if window else QT_LIBRARIES)


# --- the tasks -------------------------------------------------------------------------------------------------------


def screen_is_there() -> bool:
    """Whether a person could see a window: always on Windows and macOS, on Linux by the environment."""
    if not LINUX:
        return True
    if os.environ.get("QT_QPA_PLATFORM", "").split(":")[0] in ("offscreen", "minimal"):
        return False
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def print_sample() -> int:
    """The sample notice, for those who cannot see the window."""
    folder = ROOT / "build" / "demo"
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(exist_ok=True)
    code = call(PYTHON, "-m", "desktop_app", "demo", folder)
    papers = sorted(folder.rglob("*.pdf"))
    for paper in papers:
        say("The sample notice: %s" % paper)
    return code or (0 if papers else 1)


def run(*arguments: str) -> int:
    """Open the window; where there is no screen for one, print the sample notice."""
    if not screen_is_there():
        set_up()
        say("No display here (DISPLAY, WAYLAND_DISPLAY): the sample notice is printed instead of a window.")
        return print_sample()
    if not set_up(window=True):
        return 1
    code = call(PYTHON, "-m", "desktop_app", *arguments)
    if not LINUX or code != -signal.SIGABRT:
        return code
    say("The display could not be opened: the sample notice is printed instead of a window.")
    return print_sample()


def test(*arguments: str) -> int:
    """Every check of the house; all are run, so that one run tells everything. Arguments go to pytest."""
    set_up()
    contracts = "from importlinter.cli import lint_imports_command as check; check(['--no-logo'])"
    checks = {
        "rules (ruff)": ["-m", "ruff", "check", "--quiet", "."],
        "format (ruff)": ["-m", "ruff", "format", "--check", "--quiet", "."],
        "types (mypy)": ["-m", "mypy"],
        "layers (import-linter)": ["-c", contracts],
        "tests (pytest)": ["-m", "pytest", "-q", "-n", "2", "-m", "not soak", *arguments],
    }
    failed = []
    for name, command in checks.items():
        say("== " + name)
        if call(PYTHON, *command, QT_QPA_PLATFORM="offscreen") != 0:  # pytest that finds no test says 5
            failed.append(name)
    if failed:
        say("Failed: " + ", ".join(failed))
    return 1 if failed else 0


def bench(*arguments: str) -> int:
    """The measurements, as ratios against a plain floor."""
    set_up()
    return call(PYTHON, "-m", "tests.bench", *arguments, QT_QPA_PLATFORM="offscreen")


def soak(*arguments: str) -> int:
    """The laws at 10,000 examples, and the tests that take long; hours."""
    set_up()
    long = {"QT_QPA_PLATFORM": "offscreen", "ZHENGGAI_PROFILE": "soak"}
    laws = call(PYTHON, "-m", "pytest", "-q", "-n", "2", "tests/laws", *arguments, **long)
    others = call(PYTHON, "-m", "pytest", "-q", "-m", "soak", "tests", "--ignore=tests/laws", **long)
    return laws or (0 if others == 5 else others)  # 5: no test outside the laws is marked


def installer(*arguments: str) -> int:
    """The folder that runs without Python, in dist/zhenggai, and the proof that it prints the sample notice."""
    set_up()
    if LINUX and not shutil.which("objdump") and not apt_install(["binutils"]):
        raise Stop("The installer needs objdump. On Debian or Ubuntu run:\n" + install_line(["binutils"]))
    options = ["--noconfirm", "--log-level", "WARN", "--distpath", "dist", "--workpath", "build/installer", *arguments]
    if call(PYTHON, "-m", "PyInstaller", *options, "build_installer.spec") != 0:
        return 1
    program = ROOT / "dist" / "zhenggai" / ("zhenggai-cli.exe" if os.name == "nt" else "zhenggai")
    with tempfile.TemporaryDirectory() as folder:
        bare = {k: v for k, v in os.environ.items() if k in ("SYSTEMROOT", "TEMP", "TMP", "HOME", "USERPROFILE")}
        code = subprocess.call([str(program), "demo", folder + "/样本"], cwd=folder, env=bare)
        if code or not list(Path(folder).rglob("*.pdf")):
            raise Stop("%s was built but did not print the sample notice." % program)
    say("Built and tried: %s" % program.parent)
    return 0


def platforms() -> List[Tuple[str, str]]:
    """The systems and Pythons that the lock must have wheels for: the oldest glibc that each Python is met with."""
    systems = ("aarch64-manylinux_2_39", "x86_64-pc-windows-msvc", "aarch64-apple-darwin", "x86_64-apple-darwin")
    found = [(system, "3.%d" % minor) for system in systems for minor in range(OLDEST[1], NEWEST[1] + 1)]
    found += [("x86_64-manylinux_2_28", version) for version in ("3.11", "3.12", "3.13")]
    return [*found, ("x86_64-manylinux_2_34", "3.14"), ("aarch64-manylinux_2_31", "3.11")]


def lock(*arguments: str) -> int:
    """Write requirements.lock anew from pyproject.toml, for all platforms; see that each has wheels for it."""
    with tempfile.TemporaryDirectory() as folder:
        python = Path(folder) / PYTHON.relative_to(VENV)
        call(sys.executable, "-m", "venv", folder)
        if call(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "uv") != 0:
            raise Stop("uv could not be installed (see above).")
        # uv brings its own list of authorities; the machine's is the one that knows the office's proxy.
        authorities = os.environ.get("SSL_CERT_FILE") or ssl.get_default_verify_paths().cafile or ""
        trust = {"SSL_CERT_FILE": authorities} if authorities else {}
        uv = [python, "-m", "uv", "--quiet", "pip"]
        compiled = [*uv, "compile", "--universal", "--generate-hashes", "--no-annotate", "--no-emit-index-url"]
        compiled += ["--python-version", "3.11", "--extra", "dev", "--extra", "installer", "--constraint", PINS]
        compiled += ["--custom-compile-command", "make lock", *arguments, "--output-file", LOCK, "pyproject.toml"]
        if call(*compiled, **trust) != 0:
            return 1
        dry = ["install", "--dry-run", "--require-hashes", "--only-binary", ":all:", "--target", Path(folder) / "none"]
        trust["MACOSX_DEPLOYMENT_TARGET"] = "15.0"
        bad = [
            target
            for target in platforms()
            if call(*uv, *dry, "--python-platform", target[0], "--python-version", target[1], "-r", LOCK, **trust) != 0
        ]
    for system, version in bad:
        say("No wheels for %s with Python %s" % (system, version))
    return 1 if bad else 0


TASKS = {task.__name__: task for task in (run, test, bench, soak, installer, lock)}


def main(arguments: List[str]) -> int:
    if not arguments or arguments[0] not in TASKS:
        for name, task in TASKS.items():
            say("%-10s %s" % (name, (task.__doc__ or "").splitlines()[0]))
        return 2
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        return call(*another_python(), __file__, *arguments)
    return TASKS[arguments[0]](*arguments[1:])


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Stop as reason:
        sys.exit(str(reason))
    except KeyboardInterrupt:
        sys.exit(130)
