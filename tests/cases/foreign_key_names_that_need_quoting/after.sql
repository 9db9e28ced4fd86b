DELETE FROM "My App"."Group" WHERE "ID" = 0;
