-- People on foot pass by their documents. Their crossings had stood among the passages as vehicles whose
-- plate nobody could read.
delete from stay_passage using crossing
  where crossing.id = stay_passage.id and crossing.received_at = stay_passage.received_at
    and crossing.plate_kind = 'none' and stay_passage.key is null;
