"""The windows that ask: exports, pictures, tables, comparisons, shortcuts."""
