"""What several lenses work with, or one lens beyond its file: between the tables and kernels.

A method takes tables, or arrays made of them, and gives arrays, tables or entries. It knows no
lens, no workspace and no face.
"""
