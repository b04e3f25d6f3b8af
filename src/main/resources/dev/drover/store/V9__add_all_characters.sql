-- Texts from outside may have any character, whatever the database was created with. Only MariaDB has a character set for
-- each column.
${unicode};
