"""The Web API: one module for each family of methods, and `dispatch` that finds, permits and runs them."""
