module exchange2fa.io/examples/login

go 1.24
