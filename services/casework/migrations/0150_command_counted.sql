-- no-transaction
-- How often a caller took each further step today that may be taken again and again.
create index concurrently if not exists command_counted on command (issuer, subject, method, at)
 where method in ('huying.casework.v1.AppointOfficerRequest', 'huying.casework.v1.HoldConsultationRequest',
                  'huying.casework.v1.RecategoriseCaseRequest', 'huying.casework.v1.ReviewSuspensionRequest',
                  'huying.casework.v1.SuperviseCaseRequest', 'huying.casework.v1.TakeChargeRequest',
                  'huying.casework.v1.ReportChargeRequest', 'huying.casework.v1.AppointDispatchOfficerRequest',
                  'huying.casework.v1.ReleadDispatchRequest');
