-- Callbacks to Kafka: mq_region is its Region, mq_name its Topic. The instance comes from the settings of the server.
alter table deliveries drop constraint deliveries_type_check;
alter table deliveries add constraint deliveries_type_check check (type in ('Url', 'TDMQ', 'Kafka'));
