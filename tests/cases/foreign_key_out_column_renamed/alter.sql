RENAME COLUMN customer TO buyer
