"""Everything a person can do, once, as data: menus, toolbar, shortcuts and tests are made of it."""
