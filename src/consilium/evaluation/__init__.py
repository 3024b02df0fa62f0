"""How good are the answers: known questions, golden cases, and the measures over them."""
