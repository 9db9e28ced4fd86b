UPDATE "My App"."user" SET "from ""here""" = 'w';
