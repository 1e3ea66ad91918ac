module contracttest

go 1.21

require contract v0.0.0

replace contract => ../client
