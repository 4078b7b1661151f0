$null = Connect-AzureAD
$message = New-Object Microsoft.Open.MSGraph.Model.InvitedUserMessageInfo
$message.customizedMessageBody = 'Please sign in once more.'
New-AzureADMSInvitation -InvitedUserEmailAddress alice@fabrikam.com -InviteRedirectUrl https://myapps.microsoft.com -ResetRedemption $true `
    -InvitedUser '10000000-0000-4000-8000-000000000001' -InvitedUserMessageInfo $message -SendInvitationMessage $true | Format-List *
<# requests:
POST /v1.0/invitations {"invitedUserEmailAddress":"alice@fabrikam.com","sendInvitationMessage":true,"invitedUserMessageInfo":{"customizedMessageBody":"Please sign in once more."},"inviteRedirectUrl":"https://myapps.microsoft.com","invitedUser":{"id":"user-01"},"resetRedemption":true}
#>
<# prints:
Id  : {id}
InvitedUserDisplayName  :
InvitedUserEmailAddress : alice@fabrikam.com
SendInvitationMessage  : True
InviteRedeemUrl  : {redeem url}
InviteRedirectUrl  : https://myapps.microsoft.com/
InvitedUser  : class User {
                            Id: user-01
                            OdataType:
                          }
InvitedUserMessageInfo  : class InvitedUserMessageInfo {
                            CcRecipients: System.Collections.Generic.List`1[Microsoft.Open.MSGraph.Model.Recipient]
                            CustomizedMessageBody: Please sign in once more.
                            MessageLanguage:
                          }
InvitedUserType  : Guest
Status  : PendingAcceptance
#>
