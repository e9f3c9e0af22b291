-- Gives the services' logins their passwords, which stand in the environment; the migrations made the logins.
\getenv gateway GATEWAY_DB_PASSWORD
\getenv billing BILLING_DB_PASSWORD
\getenv catalog CATALOG_DB_PASSWORD
alter role orrery_gateway password :'gateway';
alter role orrery_billing password :'billing';
alter role orrery_catalog password :'catalog';
