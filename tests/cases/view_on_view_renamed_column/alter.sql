RENAME COLUMN note TO remark
