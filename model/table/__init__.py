"""Tables of points as other programs write them: read, judged and written.

What a file goes through, from bytes to points::

    encodings   bytes -> text              formats   ARFF, JSON, lists -> rows, or what they are
    printed     LaTeX, SQL, R -> rows      turned    tables on their side -> rows
    rows        text -> rows of cells      layout    which rows are points, and what stands beside them
    numbers     how numbers are written    text      all of that: the Table
    looks       what columns look like     columns   which column is what
    scaling     numbers -> the plane       points    the data set, and back to a table
    written     points -> text, in the ways of other programs
    reading     what comes of a file, for the command line
"""
