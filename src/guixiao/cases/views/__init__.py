"""Pages of cases: lists, the page of one case, and one small page for each step a person takes."""
