-- Whether a new library detects on store is decided by who creates it: createLibrary always states it.
alter table libraries alter column detect_on_store drop default;
