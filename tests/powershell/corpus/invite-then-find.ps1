$null = Connect-AzureAD
$null = New-AzureADMSInvitation -InvitedUserDisplayName 'Quinn Quest' -InvitedUserEmailAddress quinn@tailspin.com -InviteRedirectUrl https://myapps.microsoft.com -SendInvitationMessage $true
Get-AzureADUser -Filter "DisplayName eq 'Quinn Quest'" | where { $_.UserType -eq 'Guest' } | select DisplayName, Mail, UserState, CreationType
<# requests:
POST /v1.0/invitations {"invitedUserDisplayName":"Quinn Quest","invitedUserEmailAddress":"quinn@tailspin.com","sendInvitationMessage":true,"inviteRedirectUrl":"https://myapps.microsoft.com"}
GET /v1.0/users?$top=100&$filter=displayName eq 'Quinn Quest'
#>
<# prints:
DisplayName Mail  UserState  CreationType
----------- ----  ---------  ------------
Quinn Quest quinn@tailspin.com PendingAcceptance Invitation
#>
