"""What is measured, one theme a file: each KPI with its rows, its expression and its reasons."""
