-- No release has written or read it: what inactivates an alarm is in its events. Every program that runs on 0007 runs on.
alter table alarms drop column inactivation;
