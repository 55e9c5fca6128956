-- Health of a MailAccount (resource.customizations.health.exchange2fa.io_MailAccount of argocd-cm).
local hs = { status = "Progressing", message = "Waiting for the operator" }
local status = obj.status
if status == nil or status.observedGeneration == nil or status.observedGeneration < obj.metadata.generation then
  return hs
end
for _, condition in ipairs(status.conditions or {}) do
  if condition.type == "Ready" then
    hs.message = condition.message
    if condition.status == "False" then
      hs.status = "Degraded"
    elseif condition.status == "True" then
      -- a suspension is meant, and ends by itself
      if status.phase == "Suspended" then hs.status = "Suspended" else hs.status = "Healthy" end
    end
  end
end
return hs
