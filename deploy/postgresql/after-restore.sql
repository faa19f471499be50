-- After a restore: what was said in the last minutes before the backup is said again. The broker may have lost it, and
-- whoever has heard it already knows so. Run as a superuser in the restored database, before the services start.
DO $said$
DECLARE
    service text;
BEGIN
    FOREACH service IN ARRAY ARRAY[
        'intake', 'safeguarding', 'workflow', 'notifications', 'reporting', 'directory', 'portal'
    ] LOOP
        EXECUTE format('UPDATE %I.outbox SET sent_at = NULL WHERE sent_at IS NOT NULL', service);
    END LOOP;
END
$said$;
