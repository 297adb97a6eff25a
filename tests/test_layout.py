"""The rules of the house that no linter knows: sizes, where rows are written, and honest docs."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from statistics import quantiles

ROOT = Path(__file__).resolve().parent.parent
APPS = [
    *("config", "web", "graphics", "tournaments", "matches", "items", "settings_app"),
    *("realtime", "accounts", "core"),
]
SOURCES = [*APPS, "benchmarks", "tests"]

MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 40
MAX_FUNCTION_LINES_P95 = 25

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def files(*suffixes: str, folders: tuple[str, ...] = tuple(SOURCES)) -> list[Path]:
    found = [
        path
        for folder in folders
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in suffixes and "migrations" not in path.parts
    ]
    return [ROOT / "manage.py", *found] if ".py" in suffixes else found


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def place(path: Path, node: ast.expr | ast.stmt) -> str:
    return f"{path.relative_to(ROOT)}:{node.lineno}"


def functions() -> Iterator[tuple[Path, Function]]:
    for path in files(".py"):
        for node in ast.walk(tree(path)):
            if isinstance(node, Function):
                yield path, node


def length(function: Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def test_no_file_outgrows_its_budget():
    too_long = {
        str(path.relative_to(ROOT)): lines
        for path in files(".py", ".js", ".css", ".html")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > MAX_FILE_LINES
    }

    assert too_long == {}


def test_no_function_outgrows_its_budget():
    too_long = {
        f"{place(path, node)} {node.name}": length(node)
        for path, node in functions()
        if length(node) > MAX_FUNCTION_LINES
    }

    assert too_long == {}


def test_functions_stay_short_as_a_whole():
    lengths = [length(node) for _, node in functions()]

    assert quantiles(lengths, n=20)[-1] <= MAX_FUNCTION_LINES_P95


def test_imports_stand_at_the_top_of_their_module():
    inside = [
        place(path, node)
        for path, function in functions()
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
        # Django loads an app's models before `ready`, and only manage.py runs without Django.
        and not (path.name == "apps.py" and function.name == "ready")
        and path.name != "manage.py"
    ]

    assert inside == []


def test_no_module_is_named_for_nothing():
    nameless = [
        str(path.relative_to(ROOT))
        for path in files(".py", ".js")
        if path.stem in {"utils", "helpers", "common", "misc", "services"}
    ]

    assert nameless == []


@cache
def operation_modules() -> list[Path]:
    modules: list[Path] = []
    for app in APPS:
        modules += (ROOT / app).glob("operations.py")
        modules += (ROOT / app).glob("operations/*.py")
    return modules


def public_operations() -> Iterator[tuple[Path, Function]]:
    """What others call: whoever acts is named, or the package exports it. The rest are pieces."""
    exported = {
        alias.name
        for path in operation_modules()
        if path.stem == "__init__"
        for node in tree(path).body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    for path in operation_modules():
        for node in tree(path).body:
            if not isinstance(node, Function) or node.name.startswith("_"):
                continue
            arguments = {argument.arg for argument in [*node.args.args, *node.args.kwonlyargs]}
            if "actor" in arguments or node.name in exported:
                yield path, node


def test_operations_take_keyword_arguments_only():
    positional = [
        f"{place(path, node)} {node.name}"
        for path, node in public_operations()
        if node.args.args or node.args.posonlyargs or node.args.vararg
    ]

    assert positional == []


# They check a password, slowly, which must not happen inside a transaction.
NOT_ATOMIC = {"confirm_password", "verify_password"}


def is_decorated_atomic(node: ast.stmt) -> bool:
    return isinstance(node, Function) and any(
        "transaction.atomic" in ast.unparse(decorator) for decorator in node.decorator_list
    )


def is_atomic(path: Path, operation: Function) -> bool:
    """Itself, or in the one function it calls after slow work that needs no transaction."""
    called = {
        node.func.id
        for node in ast.walk(operation)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    return is_decorated_atomic(operation) or any(
        is_decorated_atomic(node) and node.name in called
        for node in tree(path).body
        if isinstance(node, Function)
    )


def test_operations_are_atomic():
    loose = [
        f"{place(path, node)} {node.name}"
        for path, node in public_operations()
        if not is_atomic(path, node) and node.name not in NOT_ATOMIC
    ]

    assert loose == []


# Names that write whatever they are called on, and names that do so on a model or a query set.
WRITES = {"bulk_create", "bulk_update", "get_or_create", "update_or_create", "abulk_create"}
WRITES_ON_ROWS = {"create", "acreate", "update", "aupdate", "delete", "adelete"}
QUERY_SET = re.compile(r"\.objects\b|\.(filter|exclude|all|visible_to|select_for_update)\(")


def writes_rows(call: ast.Call) -> bool:
    if not isinstance(call.func, ast.Attribute):
        return False
    name, target = call.func.attr, ast.unparse(call.func.value)
    if name in {"save", "asave"}:
        # A picture is saved to a place, a row is not.
        return target != "super()" and not call.args
    return name in WRITES or (name in WRITES_ON_ROWS and bool(QUERY_SET.search(target)))


def may_write_rows(path: Path, call: ast.Call) -> bool:
    app, *rest = path.relative_to(ROOT).parts
    # Django's admin saves plain reference data; what has a rule goes through an operation there.
    is_form = rest[0].startswith("admin") and ast.unparse(call.func) in {
        "form.save",
        "formset.save",
    }
    return (
        is_form
        or app in {"tests", "benchmarks"}
        or rest[0].startswith("operations")
        or (app, *rest) == ("realtime", "feed.py")
    )


def test_only_operations_write_rows():
    elsewhere = [
        f"{place(path, node)} {ast.unparse(node.func)}"
        for path in files(".py")
        if path.parent != ROOT
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and writes_rows(node) and not may_write_rows(path, node)
    ]

    assert elsewhere == []


def test_every_setting_from_the_environment_is_explained():
    """`.env.example` names exactly the variables that the settings read."""
    read = {
        node.args[0].value
        for node in ast.walk(tree(ROOT / "config" / "settings.py"))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).startswith(("env.", "os.environ", "_number"))
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    explained = set(re.findall(r"^#? ?([A-Z][A-Z0-9_]+)=", example, re.MULTILINE))

    assert read - explained == set()
    assert explained - read <= COMPOSE_ONLY


# Read by docker-compose.yml and the Caddyfile, not by the settings.
COMPOSE_ONLY = {"SITE_ADDRESS"}


def test_page_scripts_never_write_html():
    """Names come from strangers: text goes through `textContent`, never through a parser."""
    forbidden = re.compile(
        r"\b(innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval|new Function)\b"
    )
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in files(".js", folders=("web", "graphics"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if forbidden.search(line)
    ]

    assert found == []


def test_pages_carry_no_inline_script_or_style():
    """The content security policy would refuse them."""
    inline = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/(ld\+)?json)|\son\w+=|\sstyle=")
    found = [
        str(path.relative_to(ROOT))
        for path in files(".html", folders=("web", "graphics"))
        if inline.search(path.read_text(encoding="utf-8"))
    ]

    assert found == []


def markdown() -> list[Path]:
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def test_make_targets_that_the_docs_name_exist():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    named = {
        target
        for path in markdown()
        for target in re.findall(
            r"(?:`|^)make ([a-z-]+)", path.read_text(encoding="utf-8"), re.MULTILINE
        )
    }

    assert "run" in named
    assert named - targets == set()


def test_commands_that_the_docs_name_exist():
    commands = {
        path.stem for app in APPS for path in (ROOT / app).glob("management/commands/[a-z]*.py")
    }
    packages = {
        "migrate",
        "check",
        "createsuperuser",
        "collectstatic",
        "shell",
        "runserver",
        "clearsessions",
        "db_worker",
        "prune_db_task_results",
    }
    named = {
        command
        for path in markdown()
        for command in re.findall(r"manage\.py ([a-z_]+)", path.read_text(encoding="utf-8"))
    }

    assert named - commands - packages == set()


def test_links_between_the_docs_lead_somewhere():
    broken = [
        f"{path.relative_to(ROOT)} -> {target}"
        for path in markdown()
        for target in re.findall(r"\]\(([^)#\s]+)", path.read_text(encoding="utf-8"))
        if "://" not in target and not (path.parent / target).exists()
    ]

    assert broken == []


def names_in(requirements: str) -> set[str]:
    text = (ROOT / requirements).read_text(encoding="utf-8")
    found = re.findall(r"^([A-Za-z0-9][\w.-]*)", text, re.MULTILINE)
    return {re.sub(r"[-_.]+", "-", name).lower() for name in found}


def test_locked_requirements_cover_what_is_asked_for():
    assert names_in("requirements.in") <= names_in("requirements.txt")
    assert names_in("requirements-dev.in") <= names_in("requirements-dev.txt")


def test_tools_run_on_the_versions_that_ship():
    """What the tests prove holds for what is installed in production."""

    def pins(requirements: str) -> set[str]:
        text = (ROOT / requirements).read_text(encoding="utf-8")
        return set(re.findall(r"^(\S+==\S+)", text, re.MULTILINE))

    assert pins("requirements.txt") <= pins("requirements-dev.txt")
