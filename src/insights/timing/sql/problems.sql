SELECT count(*) FILTER (first_response_at < created_at) AS response_before_creation,
    count(*) FILTER (first_solved_at < created_at) AS first_solve_before_creation,
    count(*) FILTER (solved_at < created_at) AS solve_before_creation,
    count(*) FILTER (solved_at >= created_at AND full_resolution_s IS NOT NULL AND full_resolution_business_s IS NULL)
        AS outside_calendar
FROM tickets
