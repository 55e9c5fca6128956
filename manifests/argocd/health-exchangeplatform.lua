-- Health of an ExchangePlatform (resource.customizations.health.exchange2fa.io_ExchangePlatform of argocd-cm).
local hs = { status = "Progressing", message = "Waiting for the operator" }
local status = obj.status
if status == nil or status.observedGeneration == nil or status.observedGeneration < obj.metadata.generation then
  return hs
end
local ready, stalled
for _, condition in ipairs(status.conditions or {}) do
  if condition.type == "Ready" then ready = condition end
  if condition.type == "Stalled" and condition.status == "True" then stalled = condition end
end
if stalled ~= nil then return { status = "Degraded", message = stalled.message } end
if ready == nil then return hs end
hs.message = ready.message
if ready.status == "True" then hs.status = "Healthy" end
return hs
