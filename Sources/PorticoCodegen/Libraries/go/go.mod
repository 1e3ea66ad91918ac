module sdk

go 1.21
