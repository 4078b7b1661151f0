$null = Connect-AzureAD
$info = New-Object Microsoft.Open.MSGraph.Model.InvitedUserMessageInfo
$info.CcRecipients = New-Object 'System.Collections.Generic.List[Microsoft.Open.MSGraph.Model.Recipient]'
$info.CcRecipients.Add((New-Object Microsoft.Open.MSGraph.Model.Recipient -Property @{ EmailAddress = @{ Address = 'ada@contoso.com' } }))
$info.MessageLanguage = 'nl-NL'
$target = [Microsoft.Open.MSGraph.Model.User]::new('10000000-0000-4000-8000-000000000001')
(New-AzureADMSInvitation -InvitedUserEmailAddress alice@fabrikam.com -InviteRedirectUrl https://myapps.microsoft.com -InvitedUser $target -InvitedUserMessageInfo $info -SendInvitationMessage $true -ResetRedemption $true).InvitedUserMessageInfo
<# requests:
POST /v1.0/invitations {"invitedUserEmailAddress":"alice@fabrikam.com","sendInvitationMessage":true,"invitedUserMessageInfo":{"messageLanguage":"nl-NL","ccRecipients":[{"emailAddress":{"name":null,"address":"ada@contoso.com"}}]},"inviteRedirectUrl":"https://myapps.microsoft.com","invitedUser":{"id":"user-01"},"resetRedemption":true}
#>
<# prints:
CcRecipients  CustomizedMessageBody MessageLanguage
------------  --------------------- ---------------
{class Recipient {…  nl-NL
#>
