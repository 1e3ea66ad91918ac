module contractprogram

go 1.21
