"""How fast the product is, measured on a county of full size and printed with a baseline."""
