-- no-transaction
-- How often a caller did today what may be done again and again.
create index concurrently if not exists command_counted on command (issuer, subject, method, at)
 where method in ('huying.evaluation.v1.RecordAttemptRequest', 'huying.evaluation.v1.IssueVerdictLinkRequest',
                  'huying.evaluation.v1.ChangeTopicRequest', 'huying.evaluation.v1.HandOutRequest',
                  'huying.evaluation.v1.OpenTopicRequest', 'huying.evaluation.v1.OpenInquiryRequest',
                  'huying.evaluation.v1.BeginRoundRequest');
