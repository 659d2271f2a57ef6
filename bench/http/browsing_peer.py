"""The Python peer with its `package_browse`: 0.22.0 has the function, but its registration takes only what a module defines
itself, and the module that it looks through imports this one."""

from quilt_mcp import main, tools

tools._MODULE_PATHS["package_crud"] = "quilt_mcp.tools.package_crud"
main.main()
