-- Voids the seed: the next login shows a new QR code, after the enrolment code where one is asked for.
if obj.spec.twoFactor == nil then obj.spec.twoFactor = {} end
obj.spec.twoFactor.reset = {
  requestedAt = os.date("!%Y-%m-%dT%H:%M:%SZ"),
  reason = "Argo CD action",
}
return obj
