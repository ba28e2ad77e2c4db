"""The statement of an employee and period: which plans apply, what was earned and why."""
