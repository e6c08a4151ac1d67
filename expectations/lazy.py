"""Modules that are imported when they are first used, though another library imports them at its start.

Belongs here: putting off an import that costs every build and serves none. Does not belong here: imports of our own
code, which stand inside functions where they are slow.
"""

import sys
from importlib.util import LazyLoader, find_spec, module_from_spec


def import_when_used(name: str) -> None:
    """Make ``from package import module`` wait until something of the module is asked for; where it is imported
    already, nothing changes. (``import package.module`` asks for something, and so does not wait.)

    Standard Python (``importlib.util.LazyLoader``): what is asked for later is the module itself, whole.
    """
    if name in sys.modules:
        return
    spec = find_spec(name)
    if spec is None or spec.loader is None:
        return  # not installed: whoever imports it says so
    spec.loader = loader = LazyLoader(spec.loader)
    module = module_from_spec(spec)
    sys.modules[name] = module
    loader.exec_module(module)
    parent, _, child = name.rpartition(".")
    if parent:
        setattr(sys.modules[parent], child, module)
