$null = Connect-AzureAD
$address = New-Object Microsoft.Open.MSGraph.Model.EmailAddress
$address.Address = 'ines@contoso.com'
$address.Name = 'Ines Intern'
$recipient = New-Object Microsoft.Open.MSGraph.Model.Recipient -ArgumentList $address
$messageInfo = New-Object Microsoft.Open.MSGraph.Model.InvitedUserMessageInfo
$messageInfo.CcRecipients = $recipient
$messageInfo.CustomizedMessageBody = 'Your account has moved.'
$target = New-Object Microsoft.Open.MSGraph.Model.User -ArgumentList '10000000-0000-4000-8000-000000000001'
$invitation = New-AzureADMSInvitation -InvitedUserEmailAddress 'alice@fabrikam.com' -InviteRedirectUrl 'https://myapps.microsoft.com' -InvitedUser $target `
    -InvitedUserMessageInfo $messageInfo -SendInvitationMessage $true -ResetRedemption $true
$invitation.InvitedUserMessageInfo.CcRecipients[0].EmailAddress.Address
<# requests:
POST /v1.0/invitations {"invitedUserEmailAddress":"alice@fabrikam.com","sendInvitationMessage":true,"invitedUserMessageInfo":{"ccRecipients":[{"emailAddress":{"name":"Ines Intern","address":"ines@contoso.com"}}],"customizedMessageBody":"Your account has moved."},"inviteRedirectUrl":"https://myapps.microsoft.com","invitedUser":{"id":"user-01"},"resetRedemption":true}
#>
<# prints:
ines@contoso.com
#>
