-- The roles of an installation: run as a superuser, in the installation's own database, before the first
-- `heard migrate`; safe to run again, and to be run again when a new version brings a new service.
--
-- For each service three roles. heard_S does its work and owns nothing; heard_S_reader is what staff read as, behind
-- row-level security; heard_S_login signs in, and may do nothing until it takes one of the two on. One login more,
-- heard_migrate_login, owns every table and may change them. Passwords come afterwards, from the logins.sql that
-- `heard secrets` writes; until then nobody can sign in.
DO $roles$
DECLARE
    service text;
    role text;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'heard_migrate_login') THEN
        CREATE ROLE heard_migrate_login LOGIN NOCREATEDB NOCREATEROLE;
    END IF;
    -- The right to connect goes to those named here, the right to make tables to one.
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT, CREATE ON DATABASE %I TO heard_migrate_login', current_database());
    REVOKE ALL ON SCHEMA public FROM PUBLIC;

    FOREACH service IN ARRAY ARRAY[
        'intake', 'safeguarding', 'workflow', 'notifications', 'reporting', 'directory', 'portal'
    ] LOOP
        FOREACH role IN ARRAY ARRAY['heard_' || service, 'heard_' || service || '_reader'] LOOP
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
                EXECUTE format('CREATE ROLE %I NOLOGIN', role);
            END IF;
        END LOOP;
        role := 'heard_' || service || '_login';
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
            EXECUTE format('CREATE ROLE %I LOGIN NOINHERIT NOCREATEDB NOCREATEROLE', role);
        END IF;
        EXECUTE format('GRANT %I, %I TO %I', 'heard_' || service, 'heard_' || service || '_reader', role);
        -- Policies of the walled tables let the worker role through, and later migrations must see rows too.
        EXECUTE format('GRANT %I, %I TO heard_migrate_login', 'heard_' || service, 'heard_' || service || '_reader');
        EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), role);
    END LOOP;
END
$roles$;
